/**
 * `stringData` of a Secret is for writing only: the server keeps it, encoded, in `data`. For comparing, both sides are brought to `data`;
 * what is told to the user, and kept as input, stays in the program's own words.
 */
import { isRecord, isUnknown, type Values } from "../../protocol/values.js";
import type { Step } from "./tree.js";

export function isSecretObject({ apiVersion, kind }: Values): boolean {
  return kind === "Secret" && apiVersion === "v1";
}

/** The inputs with `stringData` moved into `data`, where it wins as on the server. */
export function encoded(inputs: Values): Values {
  const { stringData, ...rest } = inputs;
  if (!isSecretObject(inputs) || !isRecord(stringData)) return inputs;
  const moved = Object.entries(stringData).map(([key, value]) => [key, isUnknown(value) ? value : base64(value)]);
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(moved) } };
}

/** What stands in `data` under the keys that the program gives as `stringData`. */
export function decoded(live: Values, asked: Values): Values | undefined {
  if (!isSecretObject(live) || !isRecord(asked.stringData)) return undefined;
  const keys = Object.keys(asked.stringData).filter((key) => typeof live.data?.[key] === "string");
  return Object.fromEntries(keys.map((key) => [key, Buffer.from(live.data[key], "base64").toString()]));
}

/** `data.key` → `stringData.key` where the program spells it so. */
export function inProgramsWords(path: readonly Step[], inputs: readonly Values[]): readonly Step[] {
  const [top, key] = path;
  if (top !== "data" || !inputs.some(isSecretObject)) return path;
  const spelled = inputs.some(({ stringData }) =>
    key === undefined ? stringData !== undefined : stringData?.[key] !== undefined,
  );
  return spelled ? ["stringData", ...path.slice(1)] : path;
}

function base64(value: unknown): string {
  return Buffer.from(String(value)).toString("base64");
}
