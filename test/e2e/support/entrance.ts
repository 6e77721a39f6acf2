import * as path from "node:path";
import type { CloudSnapshot } from "../../../src/rehearsal/cloud/snapshot.js";

export const pair = path.resolve(__dirname, "../programs/pair");
export const canary = path.resolve(__dirname, "../programs/canary");
export const rolling = path.resolve(__dirname, "../programs/rolling");

const VERSION_TAG = "hitless:version";

/** One target group of the entrance, as the cloud shows it. */
export interface Entered {
  readonly targetGroupArn: string;
  /** The share of the requests that it gets, in percent. */
  readonly percent: number;
  readonly healthy: number;
  /** The versions of its servers that are in service or on the way into it. */
  readonly versions: readonly string[];
}

/** The entrance of the programs here: the default rule of the one listener on port 80. */
export function entranceOf(snapshot: CloudSnapshot): Entered[] {
  const weights = snapshot.listeners
    .flatMap(({ rules }) => rules)
    .find(({ priority }) => priority === "default")?.weights;
  const total = (weights ?? []).reduce((sum, { weight }) => sum + weight, 0);
  return (weights ?? []).map(({ targetGroupArn, weight }) => {
    const targets = snapshot.targetGroups.find(({ arn }) => arn === targetGroupArn)?.targets ?? [];
    const servers = snapshot.groups
      .filter(({ targetGroupArns }) => targetGroupArns.includes(targetGroupArn))
      .flatMap(({ instances }) =>
        instances.filter(({ lifecycleState }) => /^(Pending|InService)/.test(lifecycleState)),
      );
    return {
      targetGroupArn,
      percent: total === 0 ? 0 : (100 * weight) / total,
      healthy: targets.filter(({ state }) => state === "healthy").length,
      versions: [...new Set(servers.map(({ tags }) => tags[VERSION_TAG] ?? ""))],
    };
  });
}

/** Who has which share, in percent, by version; versions without one are left out. */
export function sharesIn(snapshot: CloudSnapshot): Record<string, number> {
  const weighted = entranceOf(snapshot).filter(({ percent }) => percent > 0);
  return Object.fromEntries(
    weighted.map(({ versions, percent }) => [versions.join("+"), Math.round(percent * 10) / 10]),
  );
}

/** The shares as one text, to see whether they have changed. */
export function shareText(snapshot: CloudSnapshot): string {
  const weighted = entranceOf(snapshot).filter(({ percent }) => percent > 0);
  return weighted.map(({ targetGroupArn, percent }) => `${targetGroupArn} ${percent.toFixed(3)}`).join(" ");
}
