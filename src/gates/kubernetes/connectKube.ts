import { KubeApi } from "./kubeApi.js";
import type { KubeSettings } from "./kubeSettings.js";
import { transportFor } from "./transport.js";

/** API servers by provider and subject: the gates of a component share the connections. */
const made = new WeakMap<KubeSettings, Map<string, KubeApi>>();

/** The API server for the gates of a component, as its provider reaches it. Nothing is loaded before the first call. */
export function connectKube(subject: string, settings: KubeSettings): KubeApi {
  const bySubject = made.get(settings) ?? new Map<string, KubeApi>();
  made.set(settings, bySubject);
  const api = bySubject.get(subject) ?? new KubeApi(subject, () => transportFor(settings));
  bySubject.set(subject, api);
  return api;
}
