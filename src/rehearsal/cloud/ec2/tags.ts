import type { Tag, TagSpecification } from "@aws-sdk/client-ec2";
import { AwsError } from "../awsError.js";
import { invalidParameter } from "./operation.js";

/** Tags as a record, the form in which the rest of the cloud handles them. */
export type TagRecord = Readonly<Record<string, string>>;

const mostTags = 50;

/** The resource types whose ids can carry tags here, by the id's prefix. */
const typeOfPrefix: Readonly<Record<string, string>> = {
  vpc: "vpc",
  subnet: "subnet",
  rtb: "route-table",
  sg: "security-group",
  sgr: "security-group-rule",
  lt: "launch-template",
  i: "instance",
  eni: "network-interface",
  ami: "image",
};

/** The resource type that an id's prefix names. */
export function resourceTypeOf(resourceId: string): string | undefined {
  return typeOfPrefix[resourceId.slice(0, resourceId.lastIndexOf("-"))];
}

/** The tags of everything in EC2, by resource id. */
export class Tags {
  private readonly byResource = new Map<string, Record<string, string>>();

  of(resourceId: string): TagRecord {
    return this.byResource.get(resourceId) ?? {};
  }

  /** As the SDK lists tags. */
  list(resourceId: string): Tag[] {
    return tagList(this.of(resourceId));
  }

  /** Adds or overwrites. Keys beginning with `aws:` are for services only: pass them with `byService`. */
  put(resourceId: string, tags: TagRecord, { byService = false } = {}): void {
    if (Object.keys(tags).length === 0) return;
    checkTags(tags, byService);
    const merged = { ...this.of(resourceId), ...tags };
    // AWS counts user tags only: those beginning with aws: are free of the limit.
    if (Object.keys(merged).filter((key) => !key.startsWith("aws:")).length > mostTags) {
      throw new AwsError(
        "TagLimitExceeded",
        `The maximum number of Tags for a resource has been reached (${mostTags}).`,
      );
    }
    this.byResource.set(resourceId, merged);
  }

  /** Removes a key; where a value is given, only a tag that has it. */
  remove(resourceId: string, key: string, value?: string): void {
    const tags = this.byResource.get(resourceId);
    if (tags && (value === undefined || tags[key] === value)) delete tags[key];
  }

  /** Removes every user tag of a resource (DeleteTags without tags). */
  clear(resourceId: string): void {
    for (const key of Object.keys(this.of(resourceId))) if (!key.startsWith("aws:")) this.remove(resourceId, key);
  }

  forget(resourceId: string): void {
    this.byResource.delete(resourceId);
  }

  /** Every tag there is, as DescribeTags lists them. */
  all(): { resourceId: string; resourceType: string; key: string; value: string }[] {
    return [...this.byResource].flatMap(([resourceId, tags]) =>
      Object.entries(tags).map(([key, value]) => ({
        resourceId,
        resourceType: resourceTypeOf(resourceId) ?? "",
        key,
        value,
      })),
    );
  }
}

export function tagList(tags: TagRecord): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function tagRecord(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}

/**
 * The tags that a `TagSpecifications` member gives to resources of one type. A type that the call does not create is AWS's
 * error, not an omission.
 */
export function specifiedTags(
  specifications: readonly TagSpecification[] | undefined,
  type: string,
  alsoAccepted: readonly string[] = [],
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const { ResourceType, Tags: tags } of specifications ?? []) {
    if (ResourceType === type) Object.assign(result, tagRecord(tags));
    else if (!alsoAccepted.includes(ResourceType ?? "")) {
      throw invalidParameter(`'${ResourceType}' is not a valid taggable resource type for this operation.`);
    }
  }
  checkTags(result, false);
  return result;
}

/** "Tag keys: up to 127 Unicode characters, values up to 256; keys may not begin with aws:" (botocore model, Tag). */
function checkTags(tags: TagRecord, byService: boolean): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key === "") throw invalidParameter("Tag key cannot be null or empty.");
    if (key.startsWith("aws:") && !byService) {
      throw invalidParameter("Tag keys starting with 'aws:' are reserved for internal use");
    }
    if (key.length > 127) throw invalidParameter(`Tag key exceeds the maximum length of 127 characters: ${key}`);
    if (value.length > 256)
      throw invalidParameter(`Tag value exceeds the maximum length of 256 characters (key ${key})`);
  }
}
