import type { Faults } from "../../errors/faults.js";
import { required, wholeNumber } from "../../errors/known.js";
import type { FleetPlan } from "../../fleet/platform.js";
import type { Release, ReleaseArgs } from "../../fleet/release.js";
import { type CanaryRoles, roleTags, TAG_LENGTH, VERSION_IN_TAG } from "../../plan/canaryRoles.js";
import { contractConflict } from "../../plan/dataContract.js";
import { type FleetSizes, fleetSizes, type SizeRule } from "../../plan/fleetSizes.js";
import { fleetSlug } from "../../plan/fleetSlug.js";
import type { AudiencePlan } from "../../traffic/checkAudience.js";
import { roomForSlug } from "../shared/checkName.js";
import type { Parts } from "../shared/parts.js";
import { type CanaryArgs, CanaryCapacity, type CanaryReleaseArgs } from "./canaryReleaseArgs.js";

/** One version with its role and its fleet. */
export interface VersionPlan {
  readonly role: "stable" | "canary" | "others" | "previous";
  /** How the program writes it: `stable`, `others[0]` … */
  readonly path: string;
  readonly release: Release;
  /** Its share of new sessions. */
  readonly percent: number;
  /** What its resources are called; the same in every role. */
  readonly name: string;
  readonly sizes: FleetSizes;
  readonly audience?: AudiencePlan;
}

/** ALB forwards to at most five target groups in one action (ALB user guide, quotas). */
const MOST_VERSIONS = 5;

/** What a canary has besides its release. */
type Share = Pick<CanaryArgs, "weight" | "audience" | "capacity" | "servers">;

interface Named {
  readonly role: VersionPlan["role"];
  readonly path: string;
  readonly args: ReleaseArgs;
  readonly share?: Share;
}

export interface VersionSurroundings extends Parts {
  readonly name: string;
  readonly fleet: FleetPlan;
  /** The front's own; absent where it is refused. */
  readonly entrance: unknown;
  /** Users stay on their version, so capacity must not follow the weight down. */
  readonly sticky: boolean;
}

/** The versions of a program, the stable one first; finds what is wrong with each and with all together. */
export function checkVersions(args: CanaryReleaseArgs, around: VersionSurroundings, faults: Faults): VersionPlan[] {
  const named = namedVersions(args, faults);
  if (named.length > MOST_VERSIONS) {
    const problem = `there are ${named.length} versions (${named.map(({ path }) => path).join(", ")}), expected at most ${MOST_VERSIONS}.`;
    faults.add({ code: "HIT189", problem, fix: "take one out, and put the new one in when its fleet has gone" });
  }
  const left = shareLeft(named, faults);
  let audiences = 0;
  const versions = named.map(({ role, path, args: release, share }): VersionPlan => {
    const percent = role === "stable" ? left : (share?.weight ?? 0);
    const index = role === "canary" ? 0 : audiences + 1;
    if (role === "others") audiences += 1;
    const audience =
      share?.audience && around.front.checkAudience(share.audience, `${path}.audience`, index, around.entrance, faults);
    return {
      role,
      path,
      release: around.platform.checkRelease(release, faults, `${path}.`),
      percent,
      name: fleetName(around.name, release.version),
      sizes: fleetSizes(around.fleet, sizeRule(path, share, around, faults)),
      ...(audience ? { audience } : {}),
    };
  });
  checkDistinct(versions, faults);
  checkTags(versions, faults);
  checkContracts(versions, faults);
  return versions;
}

/** The roles as the entrance's tags tell them. */
export function rolesIn(versions: readonly VersionPlan[]): CanaryRoles & { readonly stable: string } {
  const one = (role: VersionPlan["role"]) => versions.find((version) => version.role === role)?.release.version;
  const [canary, previous] = [one("canary"), one("previous")];
  return {
    stable: one("stable") ?? "", // refused where it is missing
    ...(canary !== undefined ? { canary } : {}),
    others: versions.filter(({ role }) => role === "others").map(({ release }) => release.version),
    ...(previous !== undefined ? { previous } : {}),
  };
}

function namedVersions({ stable, canary, others, previous }: CanaryReleaseArgs, faults: Faults): Named[] {
  const shared = (role: VersionPlan["role"], path: string, given: CanaryArgs): Named => {
    const { weight, audience, capacity, servers, ...release } = given;
    required(faults, `${path}.`, given, ["weight"]);
    return { role, path, args: release, share: { weight, ...pick({ audience, capacity, servers }) } };
  };
  return [
    ...(stable ? [{ role: "stable" as const, path: "stable", args: stable }] : []),
    ...(canary ? [shared("canary", "canary", canary)] : []),
    ...(others ?? []).map((other, index) => shared("others", `others[${index}]`, other)),
    ...(previous ? [{ role: "previous" as const, path: "previous", args: previous }] : []),
  ];
}

function pick<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** What the weights leave for the stable version; in tenths, as 0.1 + 0.2 is not 0.3 in floating point. */
function shareLeft(named: readonly Named[], faults: Faults): number {
  let tenths = 0;
  let usable = true;
  for (const { path, share } of named) {
    if (!share || share.weight === undefined || share.weight === null) continue;
    const { weight } = share;
    if (typeof weight !== "number" || !(weight >= 0 && weight <= 100) || !inTenths(weight)) {
      const problem = `${path}.weight is ${String(weight)}, expected 0 to 100 in steps of 0.1.`;
      faults.add({ code: "HIT185", problem, fix: `set ${path}.weight to such a percentage` });
      usable = false;
    } else tenths += Math.round(weight * 10);
  }
  if (usable && tenths > 1000) {
    const paths = named.filter(({ share }) => share).map(({ path, share }) => `${path} ${share?.weight}`);
    const problem = `the weights are ${tenths / 10} % in sum (${paths.join(", ")}), expected at most 100.`;
    faults.add({ code: "HIT186", problem, fix: "lower them: the stable version gets what they leave" });
  }
  return usable && tenths <= 1000 ? (1000 - tenths) / 10 : 100;
}

function inTenths(weight: number): boolean {
  return Math.abs(weight * 10 - Math.round(weight * 10)) < 1e-6;
}

function sizeRule(path: string, share: Share | undefined, around: VersionSurroundings, faults: Faults): SizeRule {
  if (!share) return { kind: "full" };
  const { capacity, servers, weight } = share;
  if (servers !== undefined) {
    if (capacity !== undefined) {
      const problem = `${path}.capacity and ${path}.servers are both set.`;
      faults.add({ code: "HIT192", problem, fix: "remove one of them" });
    }
    const findings = wholeNumber(`${path}.servers`, "HIT192", 1, around.fleet.maxSize)(servers);
    faults.addAll(findings);
    return findings.length === 0 ? { kind: "given", servers } : { kind: "full" };
  }
  if (capacity !== undefined && !Object.values(CanaryCapacity).includes(capacity)) {
    const problem = `${path}.capacity is ${JSON.stringify(capacity)}, expected "matched" or "full".`;
    faults.add({ code: "HIT192", problem, fix: `set it to one of them, or set ${path}.servers to a number` });
    return { kind: "full" };
  }
  if ((capacity ?? (around.sticky ? "full" : "matched")) === "full") return { kind: "full" };
  return { kind: "matched", percent: typeof weight === "number" && weight >= 0 && weight <= 100 ? weight : 0 };
}

/** A version that is no usable text has been reported; the name only has to be some text then. */
function fleetName(component: string, version: unknown): string {
  return `${component}-${fleetSlug(typeof version === "string" ? version : "", roomForSlug(component))}`;
}

function checkDistinct(versions: readonly VersionPlan[], faults: Faults): void {
  const byVersion = new Map<string, string>();
  const byName = new Map<string, VersionPlan>();
  for (const version of versions) {
    const { path, release, name } = version;
    const same = byVersion.get(release.version);
    const namesake = byName.get(name);
    if (same !== undefined) {
      const problem = `${path}.version and ${same}.version are both "${release.version}".`;
      const fix = `give each release a version of its own; to promote a canary, set stable to it and remove canary`;
      faults.add({ code: "HIT187", problem, fix });
    } else if (namesake) {
      const problem = `${path}.version "${release.version}" and ${namesake.path}.version "${namesake.release.version}" would name their fleets the same, ${name}.`;
      faults.add({ code: "HIT193", problem, fix: "rename one of the versions" });
    }
    byVersion.set(release.version, path);
    byName.set(name, version);
  }
}

/** The roles are kept as tags of the entrance, whose values AWS restricts more than those of servers. */
function checkTags(versions: readonly VersionPlan[], faults: Faults): void {
  for (const { path, release } of versions) {
    const { version } = release;
    if (typeof version !== "string" || version.trim() === "" || version.startsWith("$")) continue; // reported already
    if (VERSION_IN_TAG.test(version)) continue;
    const problem = `${path}.version is ${JSON.stringify(version)}, expected letters, digits and . _ : / = + - @.`;
    const why = "It becomes a tag of the entrance, and Elastic Load Balancing takes no other characters in one.";
    faults.add({ code: "HIT102", problem, fix: `rename ${path}.version`, why });
  }
  for (const value of Object.values(roleTags(rolesIn(versions)))) {
    if (typeof value !== "string" || value.length <= TAG_LENGTH) continue;
    const problem = `the versions of others have ${value.length} characters together, expected at most ${TAG_LENGTH}.`;
    faults.add({ code: "HIT102", problem, fix: "shorten them", why: "They become one tag of the entrance." });
  }
}

/** All versions serve side by side, and the previous one has to be able to come back. */
function checkContracts(versions: readonly VersionPlan[], faults: Faults): void {
  versions.forEach((one, index) => {
    for (const other of versions.slice(index + 1)) {
      const conflict = contractConflict(one.release, other.release);
      if (!conflict) continue;
      faults.add({
        code: "HIT201",
        problem: `${one.path} and ${other.path} cannot serve side by side: ${conflict.reasons.join("; ")}.`,
        fix: "release a version in between that reads both, make that stable first, then this one; going back takes the same steps in reverse",
      });
    }
  });
}

/** Refuses what a list of canaries cannot be. */
export function checkOthers(others: unknown, faults: Faults): others is CanaryArgs[] | undefined {
  if (others === undefined || Array.isArray(others)) return true;
  faults.add({ code: "HIT106", problem: "others is no list.", fix: "set others to a list of releases with a weight" });
  return false;
}
