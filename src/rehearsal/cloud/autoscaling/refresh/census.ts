import type { Group } from "../group.js";
import { isActive, isLaunching, isTerminating, type Member } from "../member.js";
import { isReady, isWarm, passesHealthChecks, warmedAt } from "../readiness.js";
import type { RefreshRecord } from "./record.js";

/** The group's instances sorted by what the refresh must do with them, at one moment. */
export interface Census {
  /** To be replaced, and free to be. */
  readonly broken: Member[];
  readonly coming: Member[];
  /** In service and healthy to Auto Scaling, but not in the load balancer's eyes: they go before the ready ones. */
  readonly weak: Member[];
  readonly ready: Member[];
  /** Standby instances that the preferences say to terminate. */
  readonly standby: Member[];
  /** To be replaced once the user lifts a protection or a standby. */
  readonly blocked: Member[];
  /** Pending or in service, and staying. */
  readonly kept: Member[];
  readonly keptReady: number;
  /** Of the blocked ones, how many are active, and in service and healthy. */
  readonly blockedActive: number;
  readonly blockedReady: number;
  /** Launched in this phase and not ready yet. */
  readonly unready: Member[];
  /** When the next warm-up ends. */
  readonly nextWarm?: number;
}

export function takeCensus(group: Group, refresh: RefreshRecord, now: number): Census {
  const census = {
    broken: [] as Member[],
    coming: [] as Member[],
    weak: [] as Member[],
    ready: [] as Member[],
    standby: [] as Member[],
    blocked: [] as Member[],
    kept: [] as Member[],
    unready: [] as Member[],
    keptReady: 0,
    blockedActive: 0,
    blockedReady: 0,
    nextWarm: undefined as number | undefined,
  };
  for (const member of group.members.values()) {
    if (isTerminating(member)) continue;
    if (refresh.replace.has(member.id) && !isLeftAlone(refresh, member)) sortOld(group, refresh, member, census);
    else if (isActive(member)) sortKept(group, refresh, member, now, census);
  }
  return census;
}

type Counts = "keptReady" | "blockedActive" | "blockedReady";
type Draft = Omit<Census, Counts | "nextWarm"> & Record<Counts, number> & { nextWarm: number | undefined };

/** Everything of the old kind that is still there. */
export function leftToReplace(census: Census): number {
  const { broken, coming, weak, ready, standby, blocked } = census;
  return broken.length + coming.length + weak.length + ready.length + standby.length + blocked.length;
}

/** `Ignore`: such instances keep running their old configuration. */
function isLeftAlone(refresh: RefreshRecord, member: Member): boolean {
  if (member.state === "Standby" || member.state === "EnteringStandby") return refresh.preferences.standby === "Ignore";
  return member.protectedFromScaleIn && refresh.preferences.scaleInProtected === "Ignore";
}

function sortOld(group: Group, refresh: RefreshRecord, member: Member, census: Draft): void {
  if (member.state === "Standby" || member.state === "EnteringStandby") {
    (refresh.preferences.standby === "Terminate" ? census.standby : census.blocked).push(member);
  } else if (member.protectedFromScaleIn && refresh.preferences.scaleInProtected === "Wait") {
    census.blocked.push(member);
    census.blockedActive++;
    if (member.state === "InService" && passesHealthChecks(group, member)) census.blockedReady++;
  } else if (member.unhealthy !== undefined) census.broken.push(member);
  else if (isLaunching(member)) (refresh.rollback ? census.broken : census.coming).push(member);
  else if (passesHealthChecks(group, member)) census.ready.push(member);
  // In a rollback it is the new instances that are taken away: one that never got healthy contributes nothing.
  else (refresh.rollback ? census.broken : census.weak).push(member);
}

function sortKept(group: Group, refresh: RefreshRecord, member: Member, now: number, census: Draft): void {
  census.kept.push(member);
  if (member.launchedBy !== refresh.phase) {
    // It was there before: it counts as soon as it is in service and healthy, warm-up or not.
    if (member.state === "InService" && passesHealthChecks(group, member)) census.keptReady++;
    return;
  }
  if (isReady(group, member, now)) {
    census.keptReady++;
    return;
  }
  census.unready.push(member);
  const warm = warmedAt(group, member);
  if (warm !== undefined && !isWarm(group, member, now)) census.nextWarm = Math.min(census.nextWarm ?? warm, warm);
}
