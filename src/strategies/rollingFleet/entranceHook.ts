import * as pulumi from "@pulumi/pulumi";
import { refusal } from "../../errors/faults.js";
import type { GateSurroundings } from "../../gates/gate.js";
import { gateHook } from "../../gates/hook.js";
import { stageFor } from "../../gates/stage.js";
import { plain } from "../../inputs/plain.js";
import type { EntranceView, Front } from "../../traffic/front.js";
import type { Links } from "../shared/parts.js";

/**
 * Refuses to send users to a target group that they were not sent to before and that has no healthy server. A preview says so already: there
 * the ARN of a target group that would be replaced is not known, and a new one never has a server.
 */
export function entranceHooks(
  component: pulumi.ComponentResource,
  subject: string,
  front: Front,
  reach: Links,
): pulumi.ResourceHookBinding {
  const refuse = (arn: string) =>
    refusal(subject, {
      code: "HIT321",
      problem: `the entrance would send all users to ${arn}, which has no healthy server.`,
      fix: "take the change of vpcId or port back; to change them, set up a second RollingFleet beside this one and move users over",
    });
  const run = async (args: pulumi.ResourceHookArgs, around: GateSurroundings) => {
    const before = weighted(front.entranceIn(await plain(args.oldInputs ?? {})));
    if (pulumi.runtime.isDryRun()) {
      // Nothing here may wait for an Output that holds an unknown value: in a preview it never comes.
      const forwardsToUnknown = front.entranceIn(args.newInputs ?? {}).targets.some(({ id }) => id === undefined);
      if (before.size > 0 && forwardsToUnknown) throw refuse("a target group that replaces the present one");
      return;
    }
    const old = front.entranceIn(await plain(args.oldOutputs ?? {}));
    const next = weighted(front.entranceIn(await plain(args.newInputs ?? {})));
    const added = [...next].filter((id) => !before.has(id));
    if (added.length === 0 || before.size === 0) return;
    const { cloud } = await stageFor({ subject, reach }, old.id ?? args.id, around);
    for (const id of added) {
      const targets = await cloud.targets(id);
      if (targets.some((target) => target.state === "healthy")) continue;
      throw refuse(id);
    }
  };
  return { beforeUpdate: [gateHook(component, subject, "entrance", run, { onDryRun: true })] };
}

/** The targets that get users. */
function weighted({ targets }: EntranceView): Set<string> {
  return new Set(targets.flatMap(({ id, weight }) => (id !== undefined && weight > 0 ? [id] : [])));
}
