import type { InstanceSpec } from "../runtime.js";
import { decodeUserData } from "../userData.js";

/** How the server on a paper instance behaves; read from the instance's own user data and tags, never run. */
export interface PaperRelease {
  /** `VERSION` in the user data, else the tag `hitless:version`. */
  readonly version: string;
  /** AWS seconds from the start until it answers. */
  readonly bootSeconds: number;
  readonly health: PaperHealth;
  /** Real milliseconds before each answer, as for any server (docs/decisions/0004). */
  readonly latencyMs: number;
  /** Share of the requests that it answers with 500. */
  readonly errorPercent: number;
}

export type PaperHealth =
  | { readonly kind: "ok" }
  | { readonly kind: "never" }
  /** Its process ends at once with status 1. */
  | { readonly kind: "crash" }
  /** Healthy for so many AWS seconds after the boot, and then not. */
  | { readonly kind: "for"; readonly seconds: number };

/** About what an EC2 instance with a small app takes. */
const DEFAULT_BOOT_SECONDS = 20;

const NAMES = ["VERSION", "BOOT_SECONDS", "HEALTH", "LATENCY_MS", "ERROR_PERCENT"] as const;
type Name = (typeof NAMES)[number];

/**
 * Reads the markers: lines `NAME=value` or `export NAME='value' OTHER=value` of the user data, of which the last counts. Throws in
 * one sentence on a value that it cannot use, such as one that only a shell could work out.
 */
export function readPaperRelease(spec: Pick<InstanceSpec, "userData" | "tags">): PaperRelease {
  const markers = markersIn(spec.userData === undefined ? "" : decodeUserData(spec.userData).toString("utf8"));
  return {
    version: markers.VERSION || spec.tags["hitless:version"] || "unknown",
    bootSeconds: numberOf(markers, "BOOT_SECONDS", DEFAULT_BOOT_SECONDS, 7200),
    health: healthOf(markers.HEALTH ?? "ok"),
    latencyMs: numberOf(markers, "LATENCY_MS", 0, 600_000),
    errorPercent: numberOf(markers, "ERROR_PERCENT", 0, 100),
  };
}

type Markers = Partial<Record<Name, string>>;

const ASSIGNMENT = /([A-Za-z_]\w*)=('[^'\n]*'|"[^"\n]*"|[^\s'"]*)/;
/** A line of nothing but assignments: what stands before a command is that command's alone. */
const LINE = new RegExp(`^[ \\t]*(?:export[ \\t]+)?((?:${ASSIGNMENT.source}(?:[ \\t]+|(?=\\r?$)))+)\\r?$`, "gm");

function markersIn(text: string): Markers {
  const markers: Markers = {};
  const assignments = [...text.matchAll(LINE)].flatMap(([, all = ""]) => [
    ...all.matchAll(new RegExp(ASSIGNMENT, "g")),
  ]);
  for (const [, name = "", value = ""] of assignments) {
    if (!NAMES.includes(name as Name)) continue;
    const plain = /^(['"]).*\1$/.test(value) ? value.slice(1, -1) : value;
    if (/[$`]/.test(plain) && !value.startsWith("'")) throw unusable(name as Name, plain, "a value without $ or `");
    markers[name as Name] = plain;
  }
  return markers;
}

function numberOf(markers: Markers, name: Name, otherwise: number, most: number): number {
  const text = markers[name];
  if (text === undefined || text === "") return otherwise;
  const value = Number(text);
  if (value >= 0 && value <= most) return value;
  throw unusable(name, text, `a number from 0 to ${most}`);
}

function healthOf(text: string): PaperHealth {
  if (text === "ok" || text === "never" || text === "crash") return { kind: text };
  const seconds = /^for:(\d+(?:\.\d+)?)$/.exec(text)?.[1];
  if (seconds !== undefined) return { kind: "for", seconds: Number(seconds) };
  throw unusable("HEALTH", text, "ok, never, crash or for:SECONDS");
}

function unusable(name: Name, value: string, expected: string): Error {
  return new Error(`its user data has ${name}=${value}, and a paper instance, which runs nothing, needs ${expected}`);
}
