import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type { ClusterNamespaces } from "./clusterNamespaces.js";

const TAIL_LINES = 12;

/** One program of the cluster, running in its namespaces; what it prints is kept in a file. */
export class Component {
  readonly #child: ChildProcess;
  readonly #logFile: string;
  #end: string | undefined;

  /** @param directory of the cluster */
  constructor(
    readonly name: string,
    namespaces: ClusterNamespaces,
    directory: string,
    command: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) {
    this.#logFile = path.join(directory, "logs", `${name}.log`);
    const log = openSync(this.#logFile, "a", 0o600);
    const [program, args] = namespaces.command(command);
    this.#child = spawn(program, args, { stdio: ["ignore", log, log], env: environment, detached: true });
    closeSync(log);
    this.#child.once("error", (error) => {
      this.#end = error.message;
    });
    this.#child.once("exit", (code, signal) => {
      this.#end = signal === null ? `exit code ${code}` : `signal ${signal}`;
    });
  }

  /** How it ended; undefined while it runs. */
  get end(): string | undefined {
    return this.#end;
  }

  /** The last lines that it printed. */
  tail(lines = TAIL_LINES): string {
    return readFileSync(this.#logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  }
}
