import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Clock } from "../../clock.js";
import { BalancerCookie, tokenOf } from "../targets/stickiness.js";
import type { TargetGroup } from "../targets/targetGroup.js";
import { EvenSpread } from "./evenSpread.js";

interface Share {
  readonly group: TargetGroup;
  readonly token: string;
  readonly weight: number;
}

/**
 * A forward action: which group gets a request. Weight 0 gets no new traffic, but a client that is bound to the group stays
 * (ALB guide, listeners). A group without healthy targets keeps its share: ALB does not fail over between groups. When all
 * weights are 0 no group can be chosen; AWS does not document the outcome, and 503 is answered.
 */
export class ForwardAction {
  readonly kind = "forward";
  readonly #shares: readonly Share[];
  readonly #total: number;
  readonly #spread = new EvenSpread();
  readonly #cookie: BalancerCookie | undefined;

  constructor(action: Action, groups: ReadonlyMap<string, TargetGroup>, clock: Clock) {
    const tuples = action.ForwardConfig?.TargetGroups?.length
      ? action.ForwardConfig.TargetGroups
      : [{ TargetGroupArn: action.TargetGroupArn }];
    this.#shares = tuples.map((tuple) => {
      const group = groups.get(tuple.TargetGroupArn ?? "");
      if (!group)
        throw new Error(`A forward action names the target group ${tuple.TargetGroupArn}, which was not given.`);
      return { group, token: tokenOf(group.arn), weight: tuple.Weight ?? 1 };
    });
    this.#total = this.#shares.reduce((sum, share) => sum + share.weight, 0);
    const stickiness = action.ForwardConfig?.TargetGroupStickinessConfig;
    if (stickiness?.Enabled) {
      if (!stickiness.DurationSeconds) {
        throw new Error("A forward action's stickiness is enabled without DurationSeconds (1 to 604800).");
      }
      const durationMs = clock.toRealMs(stickiness.DurationSeconds);
      this.#cookie = new BalancerCookie("AWSALBTG", durationMs, durationMs, "AWSALBTGCORS");
    }
  }

  /** Whether choosing needs the request's cookies. */
  get sticky(): boolean {
    return this.#cookie !== undefined;
  }

  /** More than one group stands in the action, at whatever weights. */
  get weighted(): boolean {
    return this.#shares.length > 1;
  }

  choose(cookies: string | undefined, now: number): TargetGroup | undefined {
    const bound = this.#cookie?.read(cookies, now);
    if (bound !== undefined) {
      const share = this.#shares.find((candidate) => candidate.token === bound);
      if (share) return share.group;
    }
    if (this.#total <= 0) return undefined;
    if (this.#shares.length === 1) return this.#shares[0]?.group;
    let left = this.#spread.next() * this.#total;
    for (const share of this.#shares) {
      left -= share.weight;
      if (left < 0) return share.group;
    }
    return this.#shares.findLast((share) => share.weight > 0)?.group;
  }

  /** Adds the cookie that binds the client to `group`. */
  bind(headers: string[], group: TargetGroup, now: number): void {
    this.#cookie?.write(headers, tokenOf(group.arn), now);
  }
}
