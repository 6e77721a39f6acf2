import { type Finding, refusal } from "../../errors/faults.js";
import { contractConflict, contractFromTags, type DataContract } from "../../plan/dataContract.js";
import { VERSION_TAG } from "../../plan/releaseTags.js";
import type { GroupView, RefreshView, TemplateRef } from "./refreshCloud.js";
import type { RolloutContext } from "./rolloutRequest.js";
import { staying, type TemplateBook } from "./templateBook.js";

/** An instance refresh cannot finish while one of these is suspended (EC2 Auto Scaling user guide, suspend processes). */
const NEEDED_PROCESSES: ReadonlySet<string> = new Set([
  "Launch",
  "Terminate",
  "AddToLoadBalancer",
  "HealthCheck",
  "InstanceRefresh",
]);

/** The group as AWS has it now; refuses when it is not the one that Pulumi's state describes. */
export async function requireGroup(context: RolloutContext): Promise<GroupView> {
  const { request, cloud } = context;
  const group = await cloud.group(request.groupName);
  if (!group) {
    throw refusal(request.subject, {
      code: "HIT301",
      problem: `there is no Auto Scaling group ${request.groupName} where this component's AWS provider looks.`,
      fix: "run `pulumi up --refresh` if it was deleted by hand; otherwise see to the provider's region and account",
    });
  }
  if (request.groupArn !== undefined && group.arn !== "" && place(group.arn) !== place(request.groupArn)) {
    throw refusal(request.subject, {
      code: "HIT302",
      problem: `the gate sees ${group.arn}, but Pulumi's state has ${request.groupArn}.`,
      fix: "give the component the AWS provider that created the fleet (opts.provider)",
    });
  }
  return group;
}

/** Refuses a rollout that could not end. */
export function assertProcessesRun(context: RolloutContext, group: GroupView): void {
  const suspended = group.suspendedProcesses.filter((process) => NEEDED_PROCESSES.has(process));
  if (suspended.length === 0) return;
  throw refusal(context.request.subject, {
    code: "HIT305",
    problem: `${group.name} has suspended processes: ${suspended.join(", ")}.`,
    fix: `aws autoscaling resume-processes --auto-scaling-group-name ${group.name} --scaling-processes ${suspended.join(" ")}`,
  });
}

/** Refuses to mix releases that cannot share their data: a rolling update serves users from both at once. */
export async function assertContracts(
  context: RolloutContext,
  book: TemplateBook,
  group: GroupView,
  running: RefreshView | undefined,
): Promise<void> {
  const { request } = context;
  const templates = [group.template, running?.template, ...staying(group).map((member) => member.template)];
  const distinct = new Map(templates.flatMap((ref) => (ref ? [[`${ref.id}:${ref.version}`, ref] as const] : [])));
  const reasons = new Set<string>();
  for (const ref of distinct.values()) {
    if (await book.same(ref, request.wanted)) continue;
    const other = await holder(context, book, group, ref);
    for (const reason of contractConflict(other, request.release)?.reasons ?? []) reasons.add(reason);
  }
  if (reasons.size > 0) throw refusal(request.subject, incompatible(request.release.version, [...reasons]));
}

async function holder(context: RolloutContext, book: TemplateBook, group: GroupView, ref: TemplateRef) {
  // The template's own tags tell what it starts; the group's are those of the release that was rolled out last.
  const own = await book.instanceTags(ref);
  const tags = own[VERSION_TAG] === undefined ? group.tags : own;
  const version = tags[VERSION_TAG] ?? `template version ${ref.version}`;
  try {
    const data: DataContract | undefined = contractFromTags(tags);
    return { version, data };
  } catch (error) {
    throw refusal(context.request.subject, incompatible(context.request.release.version, [(error as Error).message]), {
      cause: error,
    });
  }
}

function incompatible(version: string, reasons: readonly string[]): Finding {
  return {
    code: "HIT201",
    problem: `${version} cannot run beside what the fleet runs now: ${reasons.join("; ")}.`,
    fix: "release a version in between that reads both, roll that out first, then this one; going back takes the same steps in reverse",
  };
}

/** Partition, region and account of an ARN. */
function place(arn: string): string {
  const [, partition, , region, account] = arn.split(":");
  return [partition, region, account].join(":");
}
