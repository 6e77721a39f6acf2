import { invalidParameter } from "./operation.js";

type Scalar = string | number | boolean | undefined;

/** One filter's value for one item: none, one or several. */
export type FilterValue = Scalar | readonly Scalar[];

/** The filters of one describe operation, by AWS name. */
export type FilterTable<T> = Readonly<Record<string, (item: T) => FilterValue>>;

/** As the SDK gives filters. */
export interface FilterInput {
  readonly Name?: string;
  readonly Values?: readonly string[];
}

/** Filters that AWS documents for things which no resource here ever has: they match nothing. */
export function absent(...names: string[]): FilterTable<unknown> {
  return Object.fromEntries(names.map((name) => [name, () => undefined]));
}

/**
 * The items that every filter accepts. Values may hold `*` and `?` (a backslash escapes them) and are case-sensitive, as AWS
 * documents; within a filter any value will do. `tag:KEY` and `tag-key` are served where `tagsOf` is given. A name that the
 * operation does not document is AWS's own error.
 */
export function applyFilters<T>(
  items: readonly T[],
  filters: readonly FilterInput[] | undefined,
  table: FilterTable<T>,
  tagsOf?: (item: T) => Readonly<Record<string, string>>,
): T[] {
  const tests = (filters ?? []).map((filter) => {
    const read = reader(filter.Name, table, tagsOf);
    if (!filter.Values?.length) throw invalidParameter(`The filter '${filter.Name}' has no value.`);
    const patterns = filter.Values.map(patternOf);
    return (item: T): boolean => {
      const found = read(item);
      const values = (Array.isArray(found) ? found : [found]).filter((value) => value !== undefined).map(String);
      return values.some((value) => patterns.some((pattern) => pattern.test(value)));
    };
  });
  return items.filter((item) => tests.every((test) => test(item)));
}

function reader<T>(
  name: string | undefined,
  table: FilterTable<T>,
  tagsOf: ((item: T) => Readonly<Record<string, string>>) | undefined,
): (item: T) => FilterValue {
  if (tagsOf && name?.startsWith("tag:")) {
    const key = name.slice("tag:".length);
    return (item) => tagsOf(item)[key];
  }
  if (tagsOf && name === "tag-key") return (item) => Object.keys(tagsOf(item));
  const read = name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
  if (!read) throw invalidParameter(`The filter '${name}' is invalid`);
  return read;
}

function patternOf(value: string): RegExp {
  const source = value.replace(/\\?[\s\S]/g, (token) => {
    if (token === "*") return "[\\s\\S]*";
    if (token === "?") return "[\\s\\S]";
    const literal = token.length === 2 ? token.slice(1) : token;
    return literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${source}$`);
}
