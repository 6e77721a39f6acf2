/** A listener of its own for each environment's preview. */
export interface PreviewPortsArgs {
  /** The port that leads to blue, 1 to 65535. A change updates the listener in place. */
  readonly blue: number;
  /** The port that leads to green, 1 to 65535. A change updates the listener in place. */
  readonly green: number;
}

/**
 * How an environment is reached whatever its weight: by `header` (the default), by `cookie` or by `ports`; at most one of them. The
 * routes never move: the one to green leads to green before, during and after a switch.
 */
export interface PreviewArgs {
  /**
   * The header whose value names the environment, as in `x-hitless-preview: green`. A change updates the rules in place; make it in
   * an `up` of its own, as a switch refuses to verify through a route that AWS does not have yet.
   * @default "x-hitless-preview"
   */
  readonly header?: string;
  /** The cookie whose value names the environment, instead of a header: for browsers. A change updates the rules in place. */
  readonly cookie?: string;
  /** Listeners of their own, instead of a header; only with `entrance.loadBalancerArn`. Adding them creates two listeners. */
  readonly ports?: PreviewPortsArgs;
  /**
   * Networks that may use the preview routes, such as `10.0.0.0/8`: the address of the connection, not `X-Forwarded-For`. Others are
   * served as if there were no preview (with `ports`: refused with 403).
   * @default everybody
   */
  readonly sourceCidrs?: string[];
  /**
   * The place of the rule that leads to blue among the listener's rules; that of green is one higher. 1 to 49999. Required with
   * `entrance.listenerArn`, and both have to be below `entrance.priority`. A change updates the rules in place.
   * @default 1, where the listener is the component's own
   */
  readonly priority?: number;
}
