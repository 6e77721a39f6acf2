import type { AwsCloud } from "../aws/awsCloud.js";
import type { GroupView, MemberView, TemplateData, TemplateRef } from "./refreshCloud.js";

/**
 * Launch template versions by what they hold. Pulumi makes a new version each time the template changes, also when it changes
 * back; two versions with the same content start the same servers, so neither has to be replaced by the other.
 */
export class TemplateBook {
  readonly #contents = new Map<string, { data: TemplateData; canonical: string } | undefined>();

  constructor(private readonly cloud: AwsCloud) {}

  async same(one: TemplateRef | undefined, other: TemplateRef | undefined): Promise<boolean> {
    if (!one || !other || one.id !== other.id) return false;
    if (one.version === other.version) return true;
    const [a, b] = [await this.#read(one), await this.#read(other)];
    return a !== undefined && b !== undefined && a.canonical === b.canonical;
  }

  /** Those servers of the group that stay (none that is leaving) and do not run the wanted release. */
  async outdated(group: GroupView, wanted: TemplateRef): Promise<readonly MemberView[]> {
    const outdated: MemberView[] = [];
    for (const member of staying(group)) {
      if (!(await this.same(member.template, wanted))) outdated.push(member);
    }
    return outdated;
  }

  /** What a version holds; nothing where it does not exist. */
  async contents(ref: TemplateRef): Promise<TemplateData | undefined> {
    return (await this.#read(ref))?.data;
  }

  /** Tags that a version gives to the servers it starts. */
  async instanceTags(ref: TemplateRef): Promise<Readonly<Record<string, string>>> {
    const specifications = ((await this.#read(ref))?.data.TagSpecifications ?? []) as readonly {
      ResourceType?: string;
      Tags?: readonly { Key?: string; Value?: string }[];
    }[];
    const tags = specifications.filter((spec) => spec.ResourceType === "instance").flatMap((spec) => spec.Tags ?? []);
    return Object.fromEntries(tags.map((tag) => [tag.Key ?? "", tag.Value ?? ""]));
  }

  async #read(ref: TemplateRef) {
    const key = `${ref.id}:${ref.version}`;
    if (!this.#contents.has(key)) {
      const data = (await this.cloud.templateVersions(ref.id, [ref.version])).get(ref.version);
      this.#contents.set(key, data && { data, canonical: canonical(data) });
    }
    return this.#contents.get(key);
  }
}

/** The servers of a group that are not on their way out. */
export function staying(group: GroupView): readonly MemberView[] {
  return group.members.filter((member) => !/^(Terminat|Detach)/.test(member.lifecycle));
}

/** Text that is equal for equal contents: AWS promises no order of keys, tags or groups. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
    .sort()
    .join(",")}}`;
}
