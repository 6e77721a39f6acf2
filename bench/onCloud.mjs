// The engine on a local cloud of its own, for benches of previews: nothing is made, the cloud only tells whose account it is.
import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const require = createRequire(import.meta.url);

/**
 * Calls `bench` with a scratch directory and `pulumi(cwd, args, more)`, which runs the CLI with `more` in its environment, and takes
 * everything down afterwards.
 */
export async function onCloud(root, bench) {
  const { startProviderServer } = require(path.join(root, "dist/rehearsal/provider/server.js"));
  const { attachedProviders } = require(path.join(root, "dist/rehearsal/runner/attachedProviders.js"));
  const { resolveEngine } = require(path.join(root, "dist/rehearsal/engine/engine.js"));
  const engine = await resolveEngine();
  const scratch = mkdtempSync(path.join(os.tmpdir(), "hitless-bench-"));
  const cloud = fork(path.join(root, "dist/cli/main.js"), ["cloud", "--port", "0"], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [{ url }] = await once(cloud, "message");
  const environment = {
    ...process.env,
    ...engine.environment(),
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
    AWS_ENDPOINT_URL: url,
    PULUMI_BACKEND_URL: `file://${scratch}`,
    PULUMI_CONFIG_PASSPHRASE: "bench",
  };
  const provider = await startProviderServer({ environment });
  Object.assign(environment, attachedProviders({ aws: provider.port }));
  const pulumi = (cwd, args, more = {}) =>
    promisify(execFile)(engine.pulumi, [...args, "--non-interactive"], {
      cwd,
      env: { ...environment, ...more },
      maxBuffer: 1 << 28,
    });
  try {
    await bench({ scratch, pulumi });
  } finally {
    await provider.close();
    cloud.kill("SIGTERM");
    await once(cloud, "exit");
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** How long something takes, in milliseconds. */
export async function timed(run) {
  const started = process.hrtime.bigint();
  await run();
  return Number(process.hrtime.bigint() - started) / 1e6;
}
