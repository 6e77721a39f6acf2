import { createHash } from "node:crypto";

/** The shortest room that every version gets along with: one character of its own, a hyphen and the digest. */
export const SHORTEST_SLUG = 7;

const DIGEST = 5;

/**
 * A version as a part of a fleet's name: letters, digits and hyphens, at most `room` characters (target group names take nothing
 * else). It depends on the version alone, never on which others there are: a fleet keeps its name while the program changes
 * around it. Where something had to be changed or cut, a digest of the whole version keeps different versions apart.
 */
export function fleetSlug(version: string, room: number): string {
  if (room < SHORTEST_SLUG) throw new RangeError(`room is ${room}, expected at least ${SHORTEST_SLUG}`);
  const clean = version.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  if (clean === version && clean.length <= room && clean.length > 0) return clean;
  const digest = createHash("sha256").update(version).digest("hex").slice(0, DIGEST);
  const kept = clean.slice(0, room - DIGEST - 1).replace(/-+$/, "");
  return kept === "" ? digest : `${kept}-${digest}`;
}
