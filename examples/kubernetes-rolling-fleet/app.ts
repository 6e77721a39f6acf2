import type { ReleaseArgs } from "hitless";

/** How a release of the example app behaves; everything but the version is for trying out what a rollout does about it. */
export interface AppRelease {
  version: string;
  bootSeconds?: number;
  /** `ok`, `never`, `crash` or `hungry` (at boot), or `for:SECONDS`: healthy for so long and then not. */
  health?: string;
  latencyMs?: number;
  errorPercent?: number;
}

/** A release of the app in `app/`. Your own has an image of its own for each version, and needs nothing but that. */
export function release(image: string, app: AppRelease): ReleaseArgs {
  return {
    version: app.version,
    image,
    env: {
      VERSION: app.version,
      PORT: "8080",
      BOOT_SECONDS: String(app.bootSeconds ?? 0),
      HEALTH: app.health ?? "ok",
      LATENCY_MS: String(app.latencyMs ?? 0),
      ERROR_PERCENT: String(app.errorPercent ?? 0),
    },
  };
}
