import { AwsError } from "../awsError.js";

/** The items with the given ids, in the given order, or all items when no id is given; an unknown id is AWS's error. */
export function byIds<T>(
  ids: readonly string[] | undefined,
  all: readonly T[],
  idOf: (item: T) => string,
  notFound: { readonly code: string; readonly message: (id: string) => string },
): T[] {
  if (!ids?.length) return [...all];
  return ids.map((id) => {
    const item = all.find((candidate) => idOf(candidate) === id);
    if (item === undefined) throw new AwsError(notFound.code, notFound.message(id));
    return item;
  });
}
