import type * as pulumi from "@pulumi/pulumi";

/** A header that a request must have to be let in. */
export interface HeaderConditionArgs {
  /** The header's name, at most 40 characters, no wildcards; not `Host` (use `hosts`). */
  readonly name: pulumi.Input<string>;
  /** Values, any of which will do; `*` and `?` are wildcards. */
  readonly values: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Where traffic comes in: either a listener of its own on your load balancer (`loadBalancerArn`), or a rule on your listener
 * (`listenerArn`). Exactly one of the two, and the arguments that belong to it. To change from one to the other replaces it: the new
 * one is there before the old one goes.
 */
export interface EntranceArgs {
  /** Your load balancer, for a listener of the fleet's own. A change replaces the listener. */
  readonly loadBalancerArn?: pulumi.Input<string>;
  /**
   * With `loadBalancerArn`: the port users come to, 1 to 65535. A change updates the listener in place.
   * @default 443 with a certificate, otherwise 80
   */
  readonly listenerPort?: pulumi.Input<number>;
  /**
   * With `loadBalancerArn`: `HTTP` or `HTTPS`.
   * @default "HTTPS" with a certificate, otherwise "HTTP"
   */
  readonly protocol?: EntranceProtocol;
  /** With `loadBalancerArn`: the certificate for HTTPS. A change updates the listener in place. */
  readonly certificateArn?: pulumi.Input<string>;
  /**
   * With `loadBalancerArn`: the name that users reach it by, such as the load balancer's `dnsName`. It only makes the component's
   * `url`; nothing is created from it.
   * @default none: `url` is undefined
   */
  readonly hostName?: pulumi.Input<string>;
  /** Your listener, for a rule of the fleet's own. A change replaces the rule. */
  readonly listenerArn?: pulumi.Input<string>;
  /** With `listenerArn`, required: the rule's place among the others, 1 to 50000, lowest first. A change updates it in place. */
  readonly priority?: pulumi.Input<number>;
  /** With `listenerArn`: host names, any of which will do; `*` and `?` are wildcards. A change updates the rule in place. */
  readonly hosts?: pulumi.Input<pulumi.Input<string>[]>;
  /** With `listenerArn`: paths, any of which will do; `*` and `?` are wildcards. A change updates the rule in place. */
  readonly paths?: pulumi.Input<pulumi.Input<string>[]>;
  /** With `listenerArn`: headers, each of which has to match. A change updates the rule in place. */
  readonly headers?: HeaderConditionArgs[];
}

/** What a listener speaks. */
export const EntranceProtocol = { Http: "HTTP", Https: "HTTPS" } as const;
export type EntranceProtocol = (typeof EntranceProtocol)[keyof typeof EntranceProtocol];
