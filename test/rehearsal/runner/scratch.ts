import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** A directory that is gone after the tests. */
export function scratch(): { directory: string; remove: () => void; script: (name: string, source: string) => string } {
  const directory = mkdtempSync(path.join(os.tmpdir(), "hitless-test-"));
  return {
    directory,
    remove: () => rmSync(directory, { recursive: true, force: true }),
    /** An executable Node script. */
    script: (name, source) => {
      const file = path.join(directory, name);
      writeFileSync(file, `#!${process.execPath}\n${source}`);
      chmodSync(file, 0o755);
      return file;
    },
  };
}

/** Waits for something to become true, with a deadline that only a broken test meets. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never held: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
