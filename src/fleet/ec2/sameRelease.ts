import type { TemplateData, TemplateRef } from "../../gates/refresh/refreshCloud.js";
import type { TemplateBook } from "../../gates/refresh/templateBook.js";
import { VERSION_TAG } from "../../plan/releaseTags.js";

/** Whether two versions of a launch template start the same release, whatever else (network, role, volumes) is different. */
export async function sameRelease(
  book: TemplateBook,
  one: TemplateRef | undefined,
  other: TemplateRef,
): Promise<boolean> {
  if (!one || one.id !== other.id) return false;
  const [before, after] = [await book.contents(one), await book.contents(other)];
  return before !== undefined && after !== undefined && releaseOf(before) === releaseOf(after);
}

/** What a release is made of, as text. */
function releaseOf(data: TemplateData): string {
  const specifications = (data.TagSpecifications ?? []) as readonly {
    readonly ResourceType?: string;
    readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[];
  }[];
  const tags = specifications
    .filter(({ ResourceType }) => ResourceType === "instance")
    .flatMap(({ Tags }) => Tags ?? []);
  const version = tags.find(({ Key }) => Key === VERSION_TAG)?.Value;
  return JSON.stringify([data.ImageId, data.InstanceType, data.UserData, version]);
}
