import { readFileSync } from "node:fs";
import * as path from "node:path";

/** How a release of the example app behaves; everything but the version is for trying out what a rollout does about it. */
export interface AppRelease {
  version: string;
  bootSeconds?: number;
  /** `ok`, `never`, `crash` (at boot), or `for:SECONDS`: healthy for so long and then not. */
  health?: string;
  latencyMs?: number;
  errorPercent?: number;
}

/** A script that installs Node.js where it is missing and starts the app; the same on AWS and in a rehearsal. */
export function userData(release: AppRelease): string {
  const server = readFileSync(path.join(__dirname, "app", "server.js"), "utf8");
  return `#!/bin/bash
set -euo pipefail
command -v node >/dev/null || dnf install -y nodejs
cd "$(mktemp -d)"
cat > server.js <<'SERVER'
${server}
SERVER
export VERSION='${release.version}'
export BOOT_SECONDS='${release.bootSeconds ?? 0}'
export HEALTH='${release.health ?? "ok"}'
export LATENCY_MS='${release.latencyMs ?? 0}'
export ERROR_PERCENT='${release.errorPercent ?? 0}'
exec node server.js
`;
}
