/**
 * Values on the wire between engine and provider: plain JSON plus the engine's markers for values that a preview does not know yet.
 */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Stands for a value that is known only after an update. Compare with `===` or `isUnknown`. */
export class Unknown {
  /** How the engine spells an unknown value (sdk/go/common/resource/plugin/rpc.go, UnknownStringValue). */
  toJSON(): string {
    return "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  }
}

/** The only instance of `Unknown`. */
export const UNKNOWN = new Unknown();

/** The markers that the engine sends, one per kind of value (same source). */
const MARKERS: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A bag of property values by name. */
export type Values = Record<string, any>;

export function isUnknown(value: unknown): value is Unknown {
  return value === UNKNOWN;
}

/** True if the value is unknown or holds an unknown anywhere inside. */
export function hasUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) && Object.values(value).some(hasUnknown);
}

export function isRecord(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

/** Marks a value of an answer as secret. */
export function secret(value: unknown): Values {
  return { [SIGNATURE]: SECRET, value };
}

/** True for a value that `secret` marked. */
export function isSecret(value: unknown): value is { readonly value: unknown } {
  return isRecord(value) && value[SIGNATURE] === SECRET;
}

/** From the wire: markers become `UNKNOWN`, nulls are dropped, a secret's plain value is taken. */
export function fromStruct(struct: Struct | undefined): Values {
  return struct ? (decode(struct.toJavaScript(), false) as Values) : {};
}

/** As `fromStruct`, but secrets stay marked: for a provider that tells the engine itself what is secret. */
export function fromStructWithSecrets(struct: Struct | undefined): Values {
  return struct ? (decode(struct.toJavaScript(), true) as Values) : {};
}

/** To the wire: `UNKNOWN` becomes its marker, `undefined` is dropped. */
export function toStruct(values: Values): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
}

function decode(value: unknown, keepSecrets: boolean): unknown {
  if (MARKERS.has(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map((item) => decode(item, keepSecrets));
  if (!isRecord(value)) return value;
  if (isSecret(value)) return keepSecrets ? secret(decode(value.value, true)) : decode(value.value, false);
  const known: Values = {};
  for (const [name, inner] of Object.entries(value)) {
    if (inner !== null) known[name] = decode(inner, keepSecrets);
  }
  return known;
}
