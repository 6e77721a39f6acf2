import type { RequestSpec } from "./model.js";

/** How reports call a kind of request: its name, or what is asked for. */
export function requestName({ name, method, path }: Pick<RequestSpec, "name" | "method" | "path">): string {
  return name ?? `${method} ${path}`;
}
