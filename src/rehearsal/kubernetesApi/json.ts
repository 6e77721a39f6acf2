/** An object as the API server and kubeconfigs have it. */
export type Json = Record<string, any>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
