import type * as pulumi from "@pulumi/pulumi";
import type { HeaderConditionArgs } from "./entranceArgs.js";

/** A cookie that a request must have. */
export interface CookieConditionArgs {
  /** The cookie's name. */
  readonly name: pulumi.Input<string>;
  /**
   * Its value. The load balancer looks for `name=value` anywhere in the `Cookie` header, so a longer value that begins with this one
   * matches too.
   */
  readonly value: pulumi.Input<string>;
}

/** A query parameter that a request must have. */
export interface QueryConditionArgs {
  /** The parameter's name. */
  readonly key: pulumi.Input<string>;
  /** Values, any of which will do; `*` and `?` are wildcards. */
  readonly values: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Users who always get one version, whatever its weight: those whose requests meet every condition given here. At least one is
 * required; together with the entrance's own conditions they may have at most five values and five wildcards (ALB user guide,
 * quotas), of which a cookie takes one value and two wildcards.
 *
 * A change of the conditions updates the rule in place.
 */
export interface AudienceArgs {
  /** A header and its values, any of which will do. */
  readonly header?: HeaderConditionArgs;
  /** A cookie with a value. */
  readonly cookie?: CookieConditionArgs;
  /** A query parameter and its values, any of which will do. */
  readonly query?: QueryConditionArgs;
  /** Networks that requests come from, such as `10.0.0.0/8`: the address of the connection, not `X-Forwarded-For`. */
  readonly sourceCidrs?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The rule's place among the listener's others, 1 to 50000, lowest first. With `entrance.listenerArn` it is required, and has to be
   * lower than `entrance.priority`: the rule of the public must not come first. A change updates the rule in place.
   * @default 100 for the canary, 101 for `others[0]` and so on, where the listener is the component's own
   */
  readonly priority?: pulumi.Input<number>;
}
