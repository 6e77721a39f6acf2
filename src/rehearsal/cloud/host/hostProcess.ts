import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Logger } from "pino";
import type { IsolationChoice } from "../instances/createRuntime.js";
import { hostNamespaceArguments, toolPath } from "../instances/probe.js";

/** Starts the host's process: in namespaces of its own, or plainly. It has a session of its own, so that Ctrl-C reaches only us. */
export function spawnHost(isolation: IsolationChoice, log: Logger): ChildProcess {
  const node = [process.execPath, hostEntry()];
  const [command, ...args] =
    isolation.kind === "namespace" ? ["unshare", ...hostNamespaceArguments(isolation.userNamespace), ...node] : node;
  const child = spawn(command as string, args, {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Structured clones: JSON would turn the default rule's priority, Infinity, into null.
    serialization: "advanced",
    detached: true,
    env: { ...process.env, PATH: toolPath, NODE_OPTIONS: "" },
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream as Readable }).on("line", (line) => log.warn({ process: "host" }, line));
  }
  return child;
}

/** The compiled entry of the host's process: beside this file, or in `dist` when the sources themselves run (tests). */
export function hostEntry(): string {
  if (!__filename.endsWith(".ts")) return resolve(__dirname, "hostMain.js");
  const built = resolve(__dirname, "../../../../dist/rehearsal/cloud/host/hostMain.js");
  if (!existsSync(built)) {
    throw new Error(
      `the local cloud's second process runs compiled code, and ${built} is not there: run "npm run build" first.`,
    );
  }
  return built;
}
