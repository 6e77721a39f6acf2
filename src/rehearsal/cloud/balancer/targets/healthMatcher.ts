/** AWS's matcher for health checks: "200", "200,202", "200-299", and mixtures. */
export function compileHealthMatcher(matcher: string): (status: number) => boolean {
  const ranges = matcher.split(",").map((part) => {
    const range = /^\s*(\d{3})\s*(?:-\s*(\d{3})\s*)?$/.exec(part);
    if (!range) {
      throw new Error(
        `A health check's matcher is "${matcher}", expected codes such as "200", "200,202" or "200-299".`,
      );
    }
    const from = Number(range[1]);
    return { from, to: range[2] === undefined ? from : Number(range[2]) };
  });
  return (status) => ranges.some((range) => status >= range.from && status <= range.to);
}
