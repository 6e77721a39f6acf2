import * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";

export interface SecurityGroupWish {
  readonly vpcId: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
  /** Who may come in; nobody else may. */
  readonly from: pulumi.Input<pulumi.Input<string>[]>;
}

/** A closed security group for servers: only the load balancer gets in, on the port; servers may reach anywhere. */
export function createSecurityGroup(
  name: string,
  wish: SecurityGroupWish,
  opts: pulumi.CustomResourceOptions,
): ec2.SecurityGroup {
  return new ec2.SecurityGroup(
    name,
    {
      vpcId: wish.vpcId,
      // A change of the description would replace the group, so it stays the same for ever.
      description: "Servers behind a load balancer (Hitless)",
      ingress: [{ protocol: "tcp", fromPort: wish.port, toPort: wish.port, securityGroups: wish.from }],
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] }],
    },
    opts,
  );
}
