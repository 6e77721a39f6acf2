/** A count or a percentage of a count (`1`, `25%`). @param round which way Kubernetes rounds it: a surge up, a loss down */
export function countOf(text: string, of: number, round: (value: number) => number): number | undefined {
  const percent = /^(\d+)%$/.exec(text)?.[1];
  if (percent !== undefined) return round((of * Number(percent)) / 100);
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
