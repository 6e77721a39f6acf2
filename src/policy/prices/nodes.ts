/** What a node of an instance type has for pods, all of it. */
export interface NodeShape {
  readonly vcpus: number;
  readonly gib: number;
}

/** Gibibytes a processor, by family: the first letter tells, but for these (EC2 instance types). */
const BY_LETTER: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };
const BY_FAMILY: Readonly<Record<string, number>> = { c4: 1.875, c5n: 2.625, r4: 7.625 };

/** Burstable instances below `large` have two processors (one in t2), and less memory. */
const BURSTABLE_GIB: Readonly<Record<string, number>> = { nano: 0.5, micro: 1, small: 2, medium: 4 };

/** The shape of a type; nothing for one whose shape does not follow from its name. */
export function nodeShape(type: string): NodeShape | undefined {
  const [family = "", size = ""] = type.split(".");
  if (family.startsWith("t")) {
    const gib = Object.hasOwn(BURSTABLE_GIB, size) ? BURSTABLE_GIB[size] : undefined;
    if (gib !== undefined) return { vcpus: family === "t2" && size !== "medium" ? 1 : 2, gib };
  }
  const vcpus = processors(size);
  const each = family.startsWith("t")
    ? 4
    : Object.hasOwn(BY_FAMILY, family)
      ? BY_FAMILY[family]
      : BY_LETTER[family.slice(0, 1)];
  return vcpus === undefined || each === undefined ? undefined : { vcpus, gib: vcpus * each };
}

function processors(size: string): number | undefined {
  if (size === "medium") return 1;
  if (size === "large") return 2;
  if (size === "xlarge") return 4;
  const times = /^([1-9]\d?)xlarge$/.exec(size)?.[1];
  return times === undefined ? undefined : 4 * Number(times);
}
