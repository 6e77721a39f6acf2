/** The tag of a preview route: whom it leads to. Gates tell by it that a route carries no public traffic. */
export const PREVIEW_TAG = "hitless:preview";

/** How one release is reached whatever its weight. */
export type PreviewRoute = (
  | { readonly kind: "header" | "cookie"; readonly name: string; readonly value: string; readonly priority: number }
  | { readonly kind: "port"; readonly port: number; readonly value: string }
) & {
  /** Who may use it; everybody when absent. */
  readonly sourceCidrs?: readonly string[];
};

/** Request headers that take a request through the route. */
export function previewHeaders(route: PreviewRoute): Record<string, string> {
  if (route.kind === "port") return {};
  return route.kind === "header" ? { [route.name]: route.value } : { cookie: `${route.name}=${route.value}` };
}

/** What the rule asks for. A load balancer has no condition for cookies, so the cookie is looked for in its header (ALB user guide). */
export function headerCondition(route: Extract<PreviewRoute, { kind: "header" | "cookie" }>) {
  return route.kind === "header"
    ? { httpHeaderName: route.name, values: [route.value] }
    : { httpHeaderName: "Cookie", values: [`*${route.name}=${route.value}*`] };
}
