import type { Logger } from "pino";
import { AwsError } from "../awsError.js";
import { isWellFormed, stableId } from "./ids.js";

export interface Image {
  readonly imageId: string;
  readonly name: string;
  readonly description: string;
  readonly architecture: "x86_64" | "arm64";
  readonly ownerId: string;
  readonly ownerAlias?: "amazon";
  readonly creationDate: string;
  readonly rootDeviceName: string;
  readonly isPublic: boolean;
  /** Instances must use IMDSv2 unless the launch says otherwise (Amazon Linux 2023). */
  readonly imdsV2Only?: boolean;
  /** True when only its id is known: the local cloud made up the rest. */
  readonly assumed?: boolean;
}

const amazon = "137112412989";
const canonical = "099720109477";

interface CatalogueEntry {
  readonly name: (arch: string) => string;
  readonly description: string;
  readonly ownerId: string;
  readonly ownerAlias?: "amazon";
  readonly creationDate: string;
  readonly rootDeviceName: string;
  readonly imdsV2Only?: boolean;
  /** Public SSM parameters that name the image. */
  readonly aliases: (arch: string) => string[];
}

const latest = "/aws/service/ami-amazon-linux-latest";

const catalogue: readonly CatalogueEntry[] = [
  {
    name: (arch) => `al2023-ami-2023.9.20251110.1-kernel-6.1-${arch}`,
    description: "Amazon Linux 2023 AMI 2023.9.20251110.1 kernel-6.1 HVM",
    ownerId: amazon,
    ownerAlias: "amazon",
    creationDate: "2025-11-10T22:04:31.000Z",
    rootDeviceName: "/dev/xvda",
    imdsV2Only: true,
    aliases: (arch) => [`${latest}/al2023-ami-kernel-default-${arch}`, `${latest}/al2023-ami-kernel-6.1-${arch}`],
  },
  {
    name: (arch) => `al2023-ami-minimal-2023.9.20251110.1-kernel-6.1-${arch}`,
    description: "Amazon Linux 2023 AMI 2023.9.20251110.1 kernel-6.1 Minimal HVM",
    ownerId: amazon,
    ownerAlias: "amazon",
    creationDate: "2025-11-10T22:06:12.000Z",
    rootDeviceName: "/dev/xvda",
    imdsV2Only: true,
    aliases: (arch) => [
      `${latest}/al2023-ami-minimal-kernel-default-${arch}`,
      `${latest}/al2023-ami-minimal-kernel-6.1-${arch}`,
    ],
  },
  {
    name: (arch) => `amzn2-ami-kernel-5.10-hvm-2.0.20251103.0-${arch}-gp2`,
    description: "Amazon Linux 2 Kernel 5.10 AMI 2.0.20251103.0 HVM gp2",
    ownerId: amazon,
    ownerAlias: "amazon",
    creationDate: "2025-11-03T21:40:05.000Z",
    rootDeviceName: "/dev/xvda",
    aliases: (arch) => [`${latest}/amzn2-ami-kernel-5.10-hvm-${arch}-gp2`],
  },
  {
    name: (arch) => `amzn2-ami-hvm-2.0.20251103.0-${arch}-gp2`,
    description: "Amazon Linux 2 AMI 2.0.20251103.0 HVM gp2",
    ownerId: amazon,
    ownerAlias: "amazon",
    creationDate: "2025-11-03T21:38:49.000Z",
    rootDeviceName: "/dev/xvda",
    aliases: (arch) => [`${latest}/amzn2-ami-hvm-${arch}-gp2`],
  },
  ubuntu("24.04", "noble", "hvm-ssd-gp3", "20251022"),
  ubuntu("22.04", "jammy", "hvm-ssd", "20251015"),
];

function ubuntu(release: string, codename: string, storage: string, date: string): CatalogueEntry {
  const debian = (arch: string): string => (arch === "x86_64" ? "amd64" : arch);
  const volume = storage === "hvm-ssd" ? "ebs-gp2" : "ebs-gp3";
  return {
    name: (arch) => `ubuntu/images/${storage}/ubuntu-${codename}-${release}-${debian(arch)}-server-${date}`,
    description: `Canonical, Ubuntu, ${release}, ${codename} image`,
    ownerId: canonical,
    creationDate: `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T05:12:09.000Z`,
    rootDeviceName: "/dev/sda1",
    aliases: (arch) => [
      `/aws/service/canonical/ubuntu/server/${release}/stable/current/${debian(arch)}/hvm/${volume}/ami-id`,
    ],
  };
}

const architectures = ["x86_64", "arm64"] as const;

function catalogueId(region: string, name: string): string {
  return stableId("ami", `${region} ${name}`);
}

/** The public SSM parameters that name the catalogue's images in a region, and the ids they hold. */
export function imageAliases(region: string): Record<string, string> {
  return Object.fromEntries(
    catalogue.flatMap((entry) =>
      architectures.flatMap((arch) =>
        entry.aliases(arch).map((alias) => [alias, catalogueId(region, entry.name(arch))]),
      ),
    ),
  );
}

/**
 * The images there are: a few that programs commonly look up, those named by the image map, and, as a rehearsal must run
 * programs with AMIs of their own, any well-formed id (each is logged once).
 */
export class Images {
  private readonly images = new Map<string, Image>();

  constructor(
    region: string,
    private readonly accountId: string,
    private readonly log: Logger,
    mappedIds: readonly string[] = [],
  ) {
    for (const { name: nameOf, aliases: _, ...rest } of catalogue) {
      for (const architecture of architectures) {
        const name = nameOf(architecture);
        const imageId = catalogueId(region, name);
        this.images.set(imageId, { ...rest, imageId, name, architecture, isPublic: true });
      }
    }
    for (const id of mappedIds) this.images.set(id, this.assume(id, "An image of the image map"));
  }

  list(): Image[] {
    return [...this.images.values()];
  }

  has(imageId: string): boolean {
    return this.images.has(imageId);
  }

  /** Throws AWS's error for an id that no AMI can have. */
  get(imageId: string): Image {
    const known = this.images.get(imageId);
    if (known) return known;
    if (!imageId.startsWith("ami-")) {
      throw new AwsError("InvalidAMIID.Malformed", `Invalid id: "${imageId}" (expecting "ami-...")`);
    }
    if (!isWellFormed(imageId, "ami")) {
      throw new AwsError("InvalidAMIID.NotFound", `The image id '[${imageId}]' does not exist`);
    }
    this.log.info(
      { imageId },
      "unknown AMI: its instances run the user data only (map it to a command to run what is baked into it)",
    );
    const image = this.assume(imageId, "An AMI known by its id only");
    this.images.set(imageId, image);
    return image;
  }

  private assume(imageId: string, description: string): Image {
    return {
      imageId,
      name: imageId,
      description,
      architecture: "x86_64",
      ownerId: this.accountId,
      creationDate: "2025-01-01T00:00:00.000Z",
      rootDeviceName: "/dev/xvda",
      isPublic: false,
      assumed: true,
    };
  }
}
