// The main job, on the local cloud: create, roll, refuse a broken release, roll on, all under load.
import { spawn } from "node:child_process";
import path from "node:path";
import { root, setup } from "./setup.mjs";

await setup().catch((error) => {
  process.stderr.write(`setup: ${error.message}\n`);
  process.exit(1);
});

const cli = path.join(root, "dist/cli/main.js");
const child = spawn(
  process.execPath,
  [cli, "rehearse", path.join(root, "examples/rolling-fleet"), ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
// Ctrl-C reaches the child by the terminal; it ends in order and tells us how. A supervisor's signal comes to us alone.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code) => process.exit(code ?? 1));
