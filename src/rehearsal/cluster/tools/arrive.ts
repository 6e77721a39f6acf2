import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import * as path from "node:path";

/**
 * Fills a directory of the cache and moves it to its place in one step, so that nobody ever sees half of it. Where another
 * process was quicker, its result is kept.
 *
 * @param isWhole whether what lies in the directory is all that it should have
 */
export async function arrive(
  directory: string,
  isWhole: () => boolean,
  fill: (scratch: string) => Promise<void>,
): Promise<void> {
  mkdirSync(path.dirname(directory), { recursive: true });
  const scratch = mkdtempSync(`${directory}.arriving-`);
  try {
    await fill(scratch);
    if (isWhole()) return;
    // What an older or interrupted set-up has left there.
    rmSync(directory, { recursive: true, force: true });
    renameSync(scratch, directory);
  } catch (error) {
    if (!isWhole()) throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
