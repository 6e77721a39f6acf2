import type { InstanceSpec } from "../../../../src/rehearsal/cloud/instances/runtime.js";

/** An instance of the default VPC; `n` makes it unique. */
export function instanceSpec(n: number, script?: string, more: Partial<InstanceSpec> = {}): InstanceSpec {
  return {
    instanceId: `i-${String(n).padStart(17, "0")}`,
    imageId: "ami-1",
    instanceType: "t3.micro",
    userData: script === undefined ? undefined : Buffer.from(script).toString("base64"),
    privateIpAddress: `172.31.1.${n}`,
    subnetCidr: "172.31.0.0/20",
    vpcCidr: "172.31.0.0/16",
    availabilityZone: "us-east-1a",
    region: "us-east-1",
    accountId: "123456789012",
    reservationId: "r-0123456789abcdef0",
    tags: { Name: "web", "hitless:version": "v1" },
    metadata: { httpTokens: "required", instanceMetadataTags: true },
    ...more,
  };
}
