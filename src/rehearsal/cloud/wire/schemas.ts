import { NormalizedSchema } from "@smithy/core/schema";

/**
 * The tuples that the SDK's clients export; see `@smithy/types` (`StaticOperationSchema`, `StaticErrorSchema`). An operation is
 * `[9, namespace, name, traits, input, output]`.
 */
export type OperationSchema = readonly [9, string, string, unknown, SchemaRef, SchemaRef];
/** `[-3, namespace, name, traits, member names, member schemas, number of required members]` */
export type ErrorSchema = readonly [-3, string, string, unknown, string[], unknown[], number?];

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

/** Is it an operation's tuple? */
export function isOperationSchema(value: unknown): value is OperationSchema {
  return Array.isArray(value) && value[0] === 9 && value.length >= 6;
}

/** Is it an error's tuple? */
export function isErrorSchema(value: unknown): value is ErrorSchema {
  return Array.isArray(value) && value[0] === -3;
}

/** The operation's input, as a schema to walk. */
export function inputSchema(operation: OperationSchema): NormalizedSchema {
  return NormalizedSchema.of(operation[4]);
}

/** The operation's output, as a schema to walk. */
export function outputSchema(operation: OperationSchema): NormalizedSchema {
  return NormalizedSchema.of(operation[5]);
}

/** Names of the members that must be present: the SDK lists them first and says how many they are. */
export function requiredMembers(struct: NormalizedSchema): readonly string[] {
  const schema = struct.getSchema() as unknown as readonly [
    number,
    string,
    string,
    unknown,
    string[],
    unknown[],
    number?,
  ];
  return Array.isArray(schema) ? schema[4].slice(0, schema[6] ?? 0) : [];
}

/**
 * Members by the schema's own tuple, of which there is one: a `NormalizedSchema` is made anew at every turn, and an answer may hold
 * thousands of the same structure.
 */
const memberMaps = new WeakMap<object, ReadonlyMap<string, NormalizedSchema>>();
const kinds = new WeakMap<NormalizedSchema, Kind>();

/** Members of a structure (none for the unit type). */
export function membersOf(struct: NormalizedSchema): [string, NormalizedSchema][] {
  return [...memberMapOf(struct)];
}

/** The same by name. */
export function memberMapOf(struct: NormalizedSchema): ReadonlyMap<string, NormalizedSchema> {
  const tuple: unknown = struct.getSchema();
  const known = typeof tuple === "object" && tuple !== null ? memberMaps.get(tuple) : undefined;
  if (known) return known;
  const found = new Map(struct.structIterator() as Iterable<[string, NormalizedSchema]>);
  if (typeof tuple === "object" && tuple !== null) memberMaps.set(tuple, found);
  return found;
}

/** What kind of value a schema describes. */
export type Kind = "struct" | "list" | "map" | "string" | "boolean" | "number" | "timestamp" | "blob" | "unit";

/** The schema's kind; shapes that no service here uses (documents, big numbers) are an error. */
export function kindOf(schema: NormalizedSchema): Kind {
  const known = kinds.get(schema);
  if (known !== undefined) return known;
  const kind = findKind(schema);
  kinds.set(schema, kind);
  return kind;
}

function findKind(schema: NormalizedSchema): Kind {
  if (schema.isUnitSchema()) return "unit";
  if (schema.isStructSchema()) return "struct";
  if (schema.isListSchema()) return "list";
  if (schema.isMapSchema()) return "map";
  if (schema.isStringSchema()) return "string";
  if (schema.isBooleanSchema()) return "boolean";
  if (schema.isNumericSchema()) return "number";
  if (schema.isTimestampSchema()) return "timestamp";
  if (schema.isBlobSchema()) return "blob";
  throw new Error(`The wire layer has no rule for the schema ${schema.getName(true)}.`);
}
