import { type Finding, refusal } from "../../errors/faults.js";
import type { HitlessError } from "../../errors/hitlessError.js";
import { VERSION_TAG } from "../../plan/releaseTags.js";
import type { TargetView } from "../balancerCloud.js";
import type { Gate, GateState } from "../gate.js";
import { describeFailures, describeUnready } from "./findings.js";
import { giveUp, outcome } from "./giveUp.js";
import { NewServers } from "./newServers.js";
import { requireGroup } from "./prechecks.js";
import type { GroupView, RefreshView } from "./refreshCloud.js";
import type { RolloutContext } from "./rolloutRequest.js";
import { saying } from "./statuses.js";
import type { TemplateBook } from "./templateBook.js";

/** Activities are asked for every so many looks: failed launches show nowhere else. */
const LOOKS_PER_ACTIVITIES = 5;

/** AWS's API is eventually consistent: what has just been started may not be listed at once. */
const UNSEEN_SECONDS = 60;

interface Look {
  readonly group: GroupView;
  readonly targets: readonly TargetView[];
  readonly outdated: number;
  readonly healthy: number;
  readonly unready: readonly string[];
}

/** Passes when a refresh has replaced every server; refuses, and rolls back, when the new servers fail or nothing moves. */
export class RolloutGate implements Gate {
  readonly name = "rollout";
  readonly waitsFor: string;
  readonly #servers = new NewServers();
  #looks = 0;
  #lastProgress: number;
  #last: Look | undefined;
  #startedAt: Date | undefined;
  /** What failed, gathered when AWS itself began to undo the refresh, while the servers still exist. */
  #undoing: string | undefined;

  constructor(
    private readonly context: RolloutContext,
    private readonly book: TemplateBook,
    private readonly refreshId: string,
    readonly deadlineSeconds: number,
    private readonly toleratedFailures: number,
    /** Brings the fleet back once AWS has ended the refresh; answers where it stands then. */
    private readonly goBack: () => Promise<string>,
  ) {
    this.waitsFor = `every server of ${context.request.groupName} on ${context.request.release.version}`;
    this.#lastProgress = context.pace.now();
  }

  async check(): Promise<GateState> {
    const { request, cloud, pace } = this.context;
    const refresh = (await cloud.refreshes(request.groupName)).find((candidate) => candidate.id === this.refreshId);
    if (!refresh && this.#startedAt === undefined && pace.now() - this.#lastProgress < UNSEEN_SECONDS) {
      return { state: "waiting", progress: `AWS does not show instance refresh ${this.refreshId} yet` };
    }
    if (!refresh) return this.#refuse("HIT312", `AWS does not know instance refresh ${this.refreshId} any more`);
    this.#startedAt = refresh.startedAt;
    switch (refresh.status) {
      case "Successful":
        return this.#lastLook();
      case "Pending":
      case "InProgress":
      case "Baking":
        break;
      case "Cancelling":
      case "RollbackInProgress":
        this.#undoing ??= await this.#describe();
        return {
          state: "waiting",
          progress: `AWS is undoing the rollout: ${saying(refresh)}, ${refresh.percentComplete} %`,
        };
      default:
        return this.#endedByAws(refresh);
    }
    const look = await this.#look();
    if (this.#servers.failures.length > this.toleratedFailures) return this.#giveUp("HIT310", look);
    const idle = pace.now() - this.#lastProgress;
    if (refresh.status !== "Baking" && idle > request.replacementTimeoutSeconds) return this.#giveUp("HIT311", look);
    return { state: "waiting", progress: this.#progress(refresh, look) };
  }

  async expired(lastProgress: string): Promise<HitlessError> {
    const { request } = this.context;
    const where = await giveUp(this.context, this.refreshId, this.deadlineSeconds);
    return refusal(request.subject, {
      code: "HIT313",
      problem: `the rollout of ${request.release.version} did not end within ${this.deadlineSeconds} s (${lastProgress}); ${where}.`,
      fix: "set timeoutSeconds to more if the rollout was going well, then run `pulumi up` again",
    });
  }

  /** A refresh succeeds when its last server has passed its checks; by then the first may have failed. */
  async #lastLook(): Promise<GateState> {
    const { release } = this.context.request;
    const look = await this.#look();
    if (this.#servers.failures.length <= this.toleratedFailures) {
      return { state: "passed", note: `${release.version} runs on every server` };
    }
    const why = await this.#describe();
    const what = `${this.#servers.failures.length} of its servers failed (${this.toleratedFailures} tolerated)`;
    const done = `${look.healthy} of ${look.group.desiredCapacity} were healthy at the end`;
    return this.#refuse(
      "HIT314",
      `release ${release.version} was refused: ${what}, ${done}; ${await this.goBack()}`,
      why,
    );
  }

  async #look(): Promise<Look> {
    const { request, cloud, pace } = this.context;
    const group = await requireGroup(this.context);
    const targets = await cloud.targets(request.targetGroupArn);
    const outdated = await this.book.outdated(group, request.wanted);
    const old = new Set(outdated.map((member) => member.instanceId));
    const fresh = [];
    for (const member of group.members) {
      if (!old.has(member.instanceId) && (await this.book.same(member.template, request.wanted))) fresh.push(member);
    }
    this.#looks += 1;
    const ask = this.#looks % LOOKS_PER_ACTIVITIES === 0 || this.#servers.vanished(fresh);
    const activities = ask ? await cloud.activities(request.groupName, this.#startedAt) : [];
    if (this.#servers.observe({ fresh, outdated, targets, activities })) this.#lastProgress = pace.now();
    const healthyIds = new Set(
      targets.filter((target) => target.state === "healthy").map((target) => target.instanceId),
    );
    const unready = fresh.map((member) => member.instanceId).filter((instanceId) => !healthyIds.has(instanceId));
    this.#last = { group, targets, outdated: outdated.length, healthy: fresh.length - unready.length, unready };
    return this.#last;
  }

  #progress(refresh: RefreshView, look: Look): string {
    const from = look.group.tags[VERSION_TAG];
    const { version } = this.context.request.release;
    const names = from === undefined || from === version ? version : `${from} → ${version}`;
    const parts = [`${look.healthy} of ${look.group.desiredCapacity} servers replaced`];
    if (look.unready.length > 0) parts.push(`${look.unready.length} starting`);
    parts.push(`${look.outdated} old`, refresh.status === "Baking" ? "baking" : `${refresh.percentComplete} %`);
    return `${names}: ${parts.join(", ")}`;
  }

  async #giveUp(code: "HIT310" | "HIT311", look: Look): Promise<GateState> {
    const { request } = this.context;
    // First the reasons, then the rollback: it terminates the very servers that show what is wrong.
    const why = await this.#describe();
    const where = await giveUp(this.context, this.refreshId, this.deadlineSeconds);
    const what =
      code === "HIT310"
        ? `${this.#servers.failures.length} of its servers failed (${this.toleratedFailures} tolerated)`
        : `nothing moved for ${request.replacementTimeoutSeconds} s`;
    const done = `${look.healthy} of ${look.group.desiredCapacity} servers had been replaced`;
    return this.#refuse(code, `release ${request.release.version} was refused: ${what}, ${done}; ${where}`, why);
  }

  async #endedByAws(refresh: RefreshView): Promise<GateState> {
    const { request } = this.context;
    const words = saying(refresh);
    const why = [words, this.#undoing ?? (await this.#describe())].filter((part) => part !== "").join("\n");
    const problem = `the rollout of ${request.release.version} ended as ${refresh.status}; ${outcome(refresh)}`;
    return this.#refuse("HIT312", problem, why);
  }

  /** What the new servers show: failures that were seen, else how those stand that are not healthy. */
  async #describe(): Promise<string> {
    const { request, cloud } = this.context;
    const look = this.#last;
    const failures = this.#servers.failures;
    if (failures.length > 0) return describeFailures(cloud, failures);
    if (look && look.unready.length > 0) return describeUnready(cloud, look.unready, look.targets);
    const activities = await cloud.activities(request.groupName, this.#startedAt);
    const failed = activities.filter((activity) => activity.status === "Failed");
    return failed.map((activity) => `${activity.description}: ${activity.message ?? activity.cause}`).join("\n");
  }

  #refuse(code: Finding["code"], problem: string, why?: string): GateState {
    const { request } = this.context;
    const fix = `mend ${request.release.version} and run \`pulumi up\` again; going back to the release before needs one \`pulumi up\` as well and replaces only what has been replaced`;
    return {
      state: "refused",
      error: refusal(request.subject, { code, problem: `${problem}.`, fix, ...(why ? { why } : {}) }),
    };
  }
}
