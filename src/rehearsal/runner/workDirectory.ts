import { mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Directories that must go with us, however we end: nobody waits for the teardown after a second Ctrl-C. */
const passing = new Set<string>();
process.on("exit", () => {
  for (const directory of passing) removeWorkDirectory(directory);
});

/**
 * A directory of the rehearsal's own for state, configuration and logs.
 *
 * @param keep whether it stays when the process ends before anyone has removed it
 */
export function makeWorkDirectory(keep: boolean): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), "hitless-rehearsal-"));
  if (!keep) passing.add(directory);
  return directory;
}

export function removeWorkDirectory(directory: string): void {
  // An engine that was killed a moment ago may still write a last file.
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  passing.delete(directory);
}
