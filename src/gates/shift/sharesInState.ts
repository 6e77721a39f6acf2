import { percentOf } from "../../plan/weights.js";

/** The percentages that an entrance has in a hook's properties, by target; one that is not known yet has none. */
export function sharesOf(targets: readonly { readonly id?: string; readonly weight: number }[]): Map<string, number> {
  return percentOf({ targets: targets.map(({ id = "", weight }) => ({ targetGroupArn: id, weight })) });
}
