import { mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** A directory of the rehearsal's own for state, configuration and logs. */
export function makeWorkDirectory(): string {
  return mkdtempSync(path.join(os.tmpdir(), "hitless-rehearsal-"));
}

export function removeWorkDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}
