import type * as autoscaling from "@pulumi/aws/autoscaling";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";

/**
 * How an autoscaler sizes the fleet: it holds exactly one measure at its target. It owns the desired capacity then, and an `up`
 * never sets it back.
 */
export interface ScalingArgs {
  /** Requests per server and minute that the autoscaler aims at (`ALBRequestCountPerTarget`). */
  readonly requestsPerServer?: pulumi.Input<number>;
  /** Average CPU use, in percent, that the autoscaler aims at (`ASGAverageCPUUtilization`). */
  readonly cpuPercent?: pulumi.Input<number>;
}

/** Where servers run and how many, on EC2. */
export interface FleetArgs {
  /**
   * The VPC of the servers. A change replaces the target group, which a gate refuses while it serves; a `RollingFleet` says so in the
   * preview.
   */
  readonly vpcId: pulumi.Input<string>;
  /** The subnets to start servers in, at least one. A change updates the group in place; AWS then moves servers. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * How many servers, a plain whole number of at least 1. A change updates the group in place. With `scaling` it is only the
   * size to start with, and later changes show nothing.
   */
  readonly desiredCapacity: number;
  /**
   * The fewest servers. A change updates the group in place.
   * @default desiredCapacity
   */
  readonly minSize?: number;
  /**
   * The most servers; required with `scaling`. A change updates the group in place.
   * @default desiredCapacity, and room for one batch on top with `surge` (AWS does not say that a refresh may exceed the maximum)
   */
  readonly maxSize?: number;
  /**
   * The port that the servers listen on, 1 to 65535. A change replaces the target group, which a gate refuses while it serves; a
   * `RollingFleet` says so in the preview.
   * @default 80
   */
  readonly port?: pulumi.Input<number>;
  /**
   * Security groups for the servers. At least one of this and `loadBalancerSecurityGroupIds` is required. A change replaces
   * every server.
   * @default none
   */
  readonly securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The load balancer's security groups. When given, the servers get a security group of their own that lets these in, on the
   * port, and nobody else; servers may reach anywhere.
   * @default none: no security group is created
   */
  readonly loadBalancerSecurityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The instance profile whose role the servers take. A change replaces every server.
   * @default none
   */
  readonly instanceProfileArn?: pulumi.Input<string>;
  /**
   * How an autoscaler sizes the fleet.
   * @default none: the program decides
   */
  readonly scaling?: ScalingArgs;
  /**
   * Tags for the group and its servers. A change updates the group in place; servers get them when they start.
   * @default none
   */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * More arguments for the launch template (volumes, network interfaces …). What Hitless sets itself is refused here. Volumes are as
   * the image has them, encrypted where the account's "EBS encryption by default" says so; to encrypt them here, name the image's own root
   * device in `blockDeviceMappings`.
   * @default none
   */
  readonly launchTemplate?: Partial<ec2.LaunchTemplateArgs>;
  /**
   * More arguments for the Auto Scaling group (metrics, maximum lifetime …). What Hitless sets itself is refused here.
   * @default none
   */
  readonly group?: Partial<autoscaling.GroupArgs>;
}
