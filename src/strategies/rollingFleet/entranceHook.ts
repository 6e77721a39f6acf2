import * as pulumi from "@pulumi/pulumi";
import { refusal } from "../../errors/faults.js";
import type { ProviderSettings } from "../../gates/aws/providerSettings.js";
import { connect } from "../../gates/connect.js";
import { gateHook } from "../../gates/hook.js";
import { plain } from "../../inputs/plain.js";

interface Action {
  readonly targetGroupArn?: string;
  readonly forward?: { readonly targetGroups?: readonly { readonly arn?: string; readonly weight?: number }[] };
}
interface EntranceProperties {
  readonly arn?: string;
  readonly actions?: readonly Action[];
  readonly defaultActions?: readonly Action[];
}

/**
 * Refuses to send users to a target group that they were not sent to before and that has no healthy server. A preview says so already: there
 * the ARN of a target group that would be replaced is not known, and a new one never has a server.
 */
export function entranceHooks(
  component: pulumi.ComponentResource,
  subject: string,
  provider: Promise<ProviderSettings>,
): pulumi.ResourceHookBinding {
  const refuse = (arn: string) =>
    refusal(subject, {
      code: "HIT321",
      problem: `the entrance would send all users to ${arn}, which has no healthy server.`,
      fix: "take the change of vpcId or port back; to change them, set up a second RollingFleet beside this one and move users over",
    });
  const run = async (args: pulumi.ResourceHookArgs) => {
    const before = weighted(await plain<EntranceProperties>(args.oldInputs ?? {}));
    if (pulumi.runtime.isDryRun()) {
      // Nothing here may wait for an Output that holds an unknown value: in a preview it never comes.
      if (before.size > 0 && forwardsToUnknown(args.newInputs))
        throw refuse("a target group that replaces the present one");
      return;
    }
    const old = await plain<EntranceProperties>(args.oldOutputs ?? {});
    const next = weighted(await plain<EntranceProperties>(args.newInputs ?? {}));
    const added = [...next].filter((arn) => !before.has(arn));
    if (added.length === 0 || before.size === 0) return;
    const cloud = connect(subject, await provider, old.arn ?? "");
    for (const arn of added) {
      const targets = await cloud.targets(arn);
      if (targets.some((target) => target.state === "healthy")) continue;
      throw refuse(arn);
    }
  };
  return { beforeUpdate: [gateHook(component, subject, "entrance", run, { onDryRun: true })] };
}

function forwardsToUnknown(inputs: EntranceProperties = {}): boolean {
  return targetsOf(inputs).some(({ arn }) => pulumi.containsUnknowns(arn));
}

/** The target groups that get users. */
function weighted(entrance: EntranceProperties): Set<string> {
  const arns = new Set<string>();
  for (const { arn, weight } of targetsOf(entrance)) {
    if (arn !== undefined && (weight ?? 1) > 0) arns.add(arn);
  }
  return arns;
}

function targetsOf({ actions = [], defaultActions = [] }: EntranceProperties) {
  return [...actions, ...defaultActions].flatMap(({ forward }) => forward?.targetGroups ?? []);
}
