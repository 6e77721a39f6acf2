import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { removeLeftovers } from "../../../src/rehearsal/cluster/leftovers.js";

let base: string;
beforeEach(() => {
  base = mkdtempSync(path.join(os.tmpdir(), "hitless-test-"));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function directory(name: string, { old = true, keep = false } = {}): string {
  const made = path.join(base, name);
  mkdirSync(path.join(made, "logs"), { recursive: true });
  if (keep) writeFileSync(path.join(made, "keep"), "");
  const at = Date.now() / 1000 - (old ? 3600 : 1);
  utimesSync(made, at, at);
  return made;
}

test("what a cluster has left that nobody waits for is removed, and nothing else", async () => {
  const left = directory("hitless-cluster-left");
  const others = [
    directory("hitless-cluster-young", { old: false }),
    directory("hitless-cluster-kept", { keep: true }),
    directory("another"),
  ];
  await removeLeftovers(base);
  expect(existsSync(left)).toBe(false);
  for (const other of others) expect(existsSync(other)).toBe(true);
});
