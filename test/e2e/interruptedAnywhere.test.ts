import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { remaining } from "./support/processes.js";
import { cli, rollingFleet } from "./support/rehearse.js";

const MINUTES = 60_000;
/** Real milliseconds after the start: while Node itself starts, the cloud, the engine, the fleet, the rollout. */
const MOMENTS =
  process.env.HITLESS_MOMENTS === "all"
    ? [50, 200, 400, 700, 1000, 1500, 2000, 3000, 4500, 6000, 8000, 11_000, 15_000, 20_000]
    : [200, 1000, 3000, 8000, 15_000];
/** A busy machine may take so long until Node listens. */
const LISTENS_MS = 5000;

/** A rehearsal in a process group of its own, as a shell gives it, that is ended by Ctrl-C; a second one follows where it is wanted. */
test.each(
  MOMENTS.flatMap((moment) => [
    { moment, times: 1 },
    { moment, times: 2 },
  ]),
)(
  "Ctrl-C after $moment ms, $times times: nothing is left",
  async ({ moment, times }) => {
    const temporary = mkdtempSync(path.join(os.tmpdir(), "hitless-e2e-interrupt-"));
    const before = readdirSync(rollingFleet);
    const child = spawn(process.execPath, [cli, "rehearse", rollingFleet], {
      detached: true,
      stdio: "ignore",
      env: { ...process.env, TMPDIR: temporary },
    });
    try {
      const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
      await pause(moment);
      process.kill(-(child.pid as number), "SIGINT");
      if (times === 2) {
        await Promise.race([closed, pause(100)]);
        if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid as number), "SIGINT");
      }
      const [code, signal] = await closed;
      // Node dies of the signal itself before it listens, and while it ends: then there is nothing (left) to be taken down.
      const bySignal = times === 2 || moment < LISTENS_MS;
      expect([[130, null], ...(bySignal ? [[null, "SIGINT"]] : [])]).toContainEqual([code, signal]);
      // After a second Ctrl-C the cloud notices by itself that nobody is there any more.
      const deadline = Date.now() + 30_000;
      const left = async () => [
        ...(await remaining([], temporary)),
        ...readdirSync(temporary).filter((name) => !name.startsWith("ts-node-")),
      ];
      while (times === 2 && (await left()).length > 0 && Date.now() < deadline) await pause(100);
      expect(await left()).toEqual([]);
      expect(readdirSync(rollingFleet)).toEqual(before);
    } finally {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      rmSync(temporary, { recursive: true, force: true });
    }
  },
  2 * MINUTES,
);
