/** The listener of an entrance: a rule's ARN is its listener's with another word and one more part. */
export function listenerOf(entranceArn: string): string {
  if (!entranceArn.includes(":listener-rule/")) return entranceArn;
  return entranceArn.replace(":listener-rule/", ":listener/").replace(/\/[^/]+$/, "");
}
