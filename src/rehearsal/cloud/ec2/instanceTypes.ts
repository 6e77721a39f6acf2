import type {
  ArchitectureType,
  DescribeInstanceTypesCommandInput,
  DescribeInstanceTypesCommandOutput,
  InstanceTypeInfo,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../awsError.js";
import type { Operation, Out } from "../service.js";
import { absent, applyFilters, type FilterTable } from "./filters.js";
import { invalidParameter, serve } from "./operation.js";
import { pageOf } from "./pages.js";

/** What the local cloud knows of an instance type: all of it follows from the name. */
export interface InstanceTypeFacts {
  readonly name: string;
  readonly architecture: "x86_64" | "arm64";
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly burstable: boolean;
  readonly bareMetal: boolean;
}

/** Sizes of the burstable families differ from all others below `large`. */
const sizes: Readonly<Record<string, { vcpus: number; largeShare: number }>> = {
  nano: { vcpus: 2, largeShare: 1 / 16 },
  micro: { vcpus: 2, largeShare: 1 / 8 },
  small: { vcpus: 2, largeShare: 1 / 4 },
  medium: { vcpus: 2, largeShare: 1 / 2 },
  large: { vcpus: 2, largeShare: 1 },
  xlarge: { vcpus: 4, largeShare: 2 },
};

/** Gibibytes of a `large` by the family's first letter: general 8, compute 4, memory 16, burstable 8. */
const largeGib: Readonly<Record<string, number>> = { t: 8, m: 8, c: 4, r: 16, x: 32, i: 16, d: 16, g: 16, p: 61, a: 4 };

/** The types that DescribeInstanceTypes lists when none is named: families that are in common use. */
const listedFamilies =
  "t2 t3 t3a t4g m5 m6i m6a m6g m7i m7a m7g m8g c5 c6i c6a c6g c7i c7a c7g c8g r5 r6i r6g r7i r7g".split(" ");

/** Reads a type's name; throws AWS's error where no type can have it. */
export function instanceTypeFacts(name: string): InstanceTypeFacts {
  const match = /^([a-z]+)(\d+)([a-z-]*)\.(nano|micro|small|medium|large|xlarge|\d+xlarge|metal(?:-\d+xl)?)$/.exec(
    name,
  );
  if (!match) throw invalidParameter(`Invalid value '${name}' for InstanceType.`);
  const [, letters = "", generation = "", variant = "", size = ""] = match;
  const times =
    /^(\d+)xlarge$/.exec(size)?.[1] ?? /^metal-(\d+)xl$/.exec(size)?.[1] ?? (size === "metal" ? "24" : undefined);
  const { vcpus, largeShare } = sizes[size] ?? { vcpus: 4 * Number(times), largeShare: 2 * Number(times) };
  // Graviton families carry a "g" right after the generation; the first one was a1.
  const isArm = variant.startsWith("g") || (letters === "a" && generation === "1");
  return {
    name,
    architecture: isArm ? "arm64" : "x86_64",
    vcpus: size === "medium" && letters !== "t" ? 1 : vcpus,
    memoryMib: (largeGib[letters.slice(0, 1)] ?? 8) * largeShare * 1024,
    burstable: letters === "t",
    bareMetal: size.startsWith("metal"),
  };
}

/** AWS refuses an image on a type of another architecture, and so must a rehearsal. */
export function checkArchitecture(instanceType: string, image: { architecture: string; assumed?: boolean }): void {
  const { architecture } = instanceTypeFacts(instanceType);
  if (image.assumed || architecture === image.architecture) return;
  throw invalidParameter(
    `The architecture '${architecture}' of the specified instance type does not match the architecture '${image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`,
  );
}

const filters: FilterTable<InstanceTypeFacts> = {
  "bare-metal": (type) => type.bareMetal,
  "burstable-performance-supported": (type) => type.burstable,
  "current-generation": () => true,
  "ebs-info.ebs-optimized-support": () => "default",
  hypervisor: () => "nitro",
  "instance-storage-supported": () => false,
  "instance-type": (type) => type.name,
  "memory-info.size-in-mib": (type) => type.memoryMib,
  "network-info.ena-support": () => "required",
  "processor-info.supported-architecture": (type) => type.architecture,
  "supported-root-device-type": () => "ebs",
  "supported-usage-class": () => ["on-demand", "spot"],
  "supported-virtualization-type": () => "hvm",
  "vcpu-info.default-vcpus": (type) => type.vcpus,
  ...absent("free-tier-eligible"),
};

/** DescribeInstanceTypes for any type whose name is well-formed; unnamed, the common ones. */
export function instanceTypeOperations(): Record<string, Operation> {
  return {
    DescribeInstanceTypes: serve<DescribeInstanceTypesCommandInput, Out<DescribeInstanceTypesCommandOutput>>(
      "DescribeInstanceTypes",
      ["InstanceTypes", "Filters", "MaxResults", "NextToken"],
      (input) => {
        const page = pageOf(applyFilters(typesFor(input.InstanceTypes), input.Filters, filters), input, {
          min: 5,
          max: 100,
        });
        return { InstanceTypes: page.items.map(shape), NextToken: page.nextToken };
      },
    ),
  };
}

function typesFor(names: readonly string[] | undefined): InstanceTypeFacts[] {
  if (!names?.length) {
    return listedFamilies.flatMap((family) => {
      const small = family.startsWith("t") ? ["nano", "micro", "small", "medium"] : [];
      return [...small, "large", "xlarge", "2xlarge"].map((size) => instanceTypeFacts(`${family}.${size}`));
    });
  }
  return names.map((name) => {
    try {
      return instanceTypeFacts(name);
    } catch {
      throw new AwsError("InvalidInstanceType", `The following supplied instance types do not exist: [${name}]`);
    }
  });
}

function shape(type: InstanceTypeFacts): InstanceTypeInfo {
  return {
    InstanceType: type.name as InstanceTypeInfo["InstanceType"],
    BareMetal: type.bareMetal,
    BurstablePerformanceSupported: type.burstable,
    CurrentGeneration: true,
    Hypervisor: type.bareMetal ? undefined : "nitro",
    InstanceStorageSupported: false,
    EbsInfo: { EbsOptimizedSupport: "default", EncryptionSupport: "supported", NvmeSupport: "required" },
    MemoryInfo: { SizeInMiB: type.memoryMib },
    ProcessorInfo: { SupportedArchitectures: [type.architecture as ArchitectureType] },
    SupportedRootDeviceTypes: ["ebs"],
    SupportedUsageClasses: ["on-demand", "spot"],
    SupportedVirtualizationTypes: ["hvm"],
    VCpuInfo: { DefaultVCpus: type.vcpus },
  };
}
