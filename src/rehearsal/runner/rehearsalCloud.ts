import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type { CloudStatus } from "../cloud/snapshot.js";
import { badInput, type Finding } from "../scenario/codes.js";
import type { Isolation, Scenario } from "../scenario/schema.js";
import { CloudLink, reasonOf } from "./cloudLink.js";
import { checkHalted } from "./interruption.js";
import { descendantsOf, reap, signal } from "./processTree.js";

const START_DEADLINE_MS = 60_000;
const STOP_GRACE_MS = 15_000;
const TAIL = 4000;

/** What a cloud has from its start on. */
export interface CloudSettings {
  /** @default "auto" */
  readonly isolation?: Isolation;
  /** Files of certificates and keys by the ARN that listeners name. @default none */
  readonly certificates?: Scenario["certificates"];
  /** The kubeconfig file of the cluster in which it plays the controllers. @default none */
  readonly kubeconfig?: string;
}

/** The cloud that a rehearsal uses: its own, or one that runs already. */
export interface RehearsalCloud {
  readonly link: CloudLink;
  readonly speed: number;
  /** How it keeps servers apart. */
  readonly isolation: CloudStatus["isolation"];
  /** Its Availability Zones. */
  readonly zones: readonly string[];
  /** Set when the rehearsal did not start it: what is made there has to be taken down there. */
  readonly attached: boolean;
  /** Why it is not there any more, if it has ended. */
  ended(): string | undefined;
  /** Why its log is not whole, if it is not. */
  logTrouble(): string | undefined;
  close(): Promise<void>;
}

/**
 * Uses a cloud that runs already.
 *
 * @throws HitlessError HIT410 when it cannot be reached, HIT412 when its speed is another, HIT414 when it lacks another setting
 */
export async function attachCloud(
  url: string,
  speed: number | undefined,
  settings: CloudSettings = {},
): Promise<RehearsalCloud> {
  const link = new CloudLink(url.replace(/\/+$/, ""));
  const status = await link.status().catch((cause) => {
    throw badInput(
      [
        {
          code: "HIT410",
          subject: url,
          problem: `no local cloud answers there (${reasonOf(cause)})`,
          fix: "start one with `npx hitless cloud`, or leave out --cloud: a rehearsal then brings its own.",
        },
      ],
      { cause },
    );
  });
  if (speed !== undefined && speed !== status.speed) {
    throw badInput([
      {
        code: "HIT412",
        subject: url,
        problem: `the cloud runs at speed ${status.speed}, and the rehearsal is asked for speed ${speed}`,
        fix: `rehearse with --speed ${status.speed}, or start the cloud with --speed ${speed}.`,
      },
    ]);
  }
  const lacking = await lackedBy(link, status, settings);
  if (lacking.length > 0) throw badInput(lacking);
  return { link, ...factsOf(status), attached: true, ended: none, logTrouble: none, close: async () => {} };
}

const none = (): undefined => undefined;

function factsOf({ speed, isolation, zones }: CloudStatus): Pick<RehearsalCloud, "speed" | "isolation" | "zones"> {
  return { speed, isolation, zones };
}

async function lackedBy(link: CloudLink, status: CloudStatus, settings: CloudSettings): Promise<Finding[]> {
  const { isolation = "auto", certificates = {} } = settings;
  const lacking: Finding[] = [];
  const add = (problem: string, fix: string): void => {
    lacking.push({ code: "HIT414", subject: link.url, problem, fix });
  };
  if (isolation !== "auto" && isolation !== status.isolation) {
    const problem = `the cloud's isolation is ${status.isolation}, and the rehearsal is asked for ${isolation}`;
    add(problem, `start the cloud with --isolation ${isolation}, or leave out --cloud.`);
  }
  if (Object.keys(certificates).length === 0) return lacking;
  const served = await link.trust();
  for (const [arn, { cert, key }] of Object.entries(certificates)) {
    if (served.includes(readFileSync(cert, "utf8").trim())) continue;
    const fix = `start the cloud with --certificate ${arn}=${cert},${key}, or leave out --cloud.`;
    add(`the cloud does not have the scenario's certificate for ${arn}`, fix);
  }
  return lacking;
}

/** Starts a local cloud of its own, on a free port. @throws HitlessError HIT411 with what it printed when it does not start */
export async function startCloud(
  speed: number,
  logFile: string,
  halt: AbortSignal,
  { isolation = "auto", certificates = {}, kubeconfig }: CloudSettings = {},
): Promise<RehearsalCloud> {
  const output = createWriteStream(logFile, { flags: "a" });
  let trouble: string | undefined;
  // A full disk must not end the rehearsal before everything has been taken down.
  output.on("error", ({ message }) => {
    trouble ??= `the local cloud's log is not whole: ${message}`;
  });
  const args = [commandLine(), "cloud", "--port", "0", "--speed", String(speed), "--isolation", isolation];
  for (const [arn, { cert, key }] of Object.entries(certificates)) args.push("--certificate", `${arn}=${cert},${key}`);
  if (kubeconfig !== undefined) args.push("--kubeconfig", kubeconfig);
  // A group of its own: Ctrl-C in a terminal reaches us, and the cloud goes last. The IPC channel tells it when we are gone.
  const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  let tail = "";
  const keep = (chunk: Buffer): void => {
    if (trouble === undefined) output.write(chunk);
    tail = (tail + chunk.toString("utf8")).slice(-TAIL);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const close = async (): Promise<void> => {
    await stop(child);
    output.end();
  };
  try {
    const link = new CloudLink(await addressOf(child, halt));
    const status = await link.status();
    const ended = (): string | undefined =>
      isRunning(child) ? undefined : `the local cloud has ended (${child.signalCode ?? child.exitCode})\n${tail}`;
    return { link, ...factsOf(status), attached: false, ended, logTrouble: () => trouble, close };
  } catch (cause) {
    await close();
    checkHalted(halt);
    throw badInput(
      [
        {
          code: "HIT411",
          subject: "local cloud",
          problem: `it does not start: ${reasonOf(cause)}`,
          why: tail.trim() === "" ? undefined : `It printed:\n${tail.trim()}`,
          fix: "try `npx hitless cloud` by itself; --log-level debug shows more.",
        },
      ],
      { cause },
    );
  }
}

/** The address that the cloud tells over IPC once it serves. */
function addressOf(child: ChildProcess, halt: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new Error(`it did not serve within ${START_DEADLINE_MS / 1000} s`));
    const timer = setTimeout(late, START_DEADLINE_MS);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    child.on("message", (message: { type?: string; url?: string }) => {
      if (message.type === "ready" && message.url !== undefined) settle(() => resolve(message.url as string));
    });
    child.once("error", (error) => settle(() => reject(error)));
    child.once("exit", (code, name) => settle(() => reject(new Error(`it ended at once (${name ?? code})`))));
    halt.addEventListener("abort", () => settle(() => reject(halt.reason)), { once: true });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || !isRunning(child)) return;
  const started = await descendantsOf(child.pid);
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  signal(child.pid, "SIGTERM");
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, STOP_GRACE_MS);
  });
  await Promise.race([gone, late]);
  clearTimeout(timer);
  if (isRunning(child)) signal(child.pid, "SIGKILL");
  await reap(started, 2000);
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** The built command line; from TypeScript sources (tests) the one in dist, because a child Node runs no TypeScript. */
function commandLine(): string {
  const candidates = ["../../cli/main.js", "../../../dist/cli/main.js"].map((name) => path.resolve(__dirname, name));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) throw new Error(`Hitless is not built: ${candidates[1]} is missing. Run \`npm run build\`.`);
  return found;
}
