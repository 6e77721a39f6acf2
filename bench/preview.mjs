// `pulumi preview` of 20 RollingFleets against the same resources written by hand.
import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { paired } from "./statistics.mjs";

const require = createRequire(import.meta.url);

export async function benchPreview({ root, verdict, runs = 7 }) {
  const { startProviderServer } = require(path.join(root, "dist/rehearsal/provider/server.js"));
  const { resolveEngine } = require(path.join(root, "dist/rehearsal/engine/engine.js"));
  const engine = await resolveEngine();
  const scratch = mkdtempSync(path.join(os.tmpdir(), "hitless-bench-"));
  // A preview of new resources makes nothing; the cloud only tells the provider whose account it is.
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
  environment.PULUMI_DEBUG_PROVIDERS = `aws:${provider.port}`;
  try {
    const side = (program) => {
      const cwd = path.join(root, "bench/programs", program);
      const memoryFile = path.join(scratch, `${program}.memory`);
      const pulumi = (...args) =>
        promisify(execFile)(engine.pulumi, [...args, "--non-interactive"], {
          cwd,
          env: { ...environment, HITLESS_BENCH_MEMORY_FILE: memoryFile },
          maxBuffer: 1 << 26,
        });
      return {
        init: () => pulumi("stack", "init", "bench"),
        measure: async () => {
          const started = process.hrtime.bigint();
          await pulumi("preview", "--stack", "bench");
          return { ms: Number(process.hrtime.bigint() - started) / 1e6, kb: Number(readFileSync(memoryFile, "utf8")) };
        },
      };
    };
    const [ours, theirs] = [side("hitless"), side("by-hand")];
    await ours.init();
    await theirs.init();
    const median = await paired(runs, { ours: ours.measure, theirs: theirs.measure });
    for (const [key, unit] of [
      ["ms", "ms"],
      ["kb", "KB"],
    ]) {
      const [left, right] = [median("ours", key), median("theirs", key)];
      verdict.ratio(
        `preview of 20 RollingFleets against by hand, ${unit}`,
        left / right,
        1.1,
        `${left.toFixed(0)} / ${right.toFixed(0)}`,
      );
    }
  } finally {
    await provider.close();
    cloud.kill("SIGTERM");
    await once(cloud, "exit");
    rmSync(scratch, { recursive: true, force: true });
  }
}
