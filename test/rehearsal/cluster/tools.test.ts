import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { arrive } from "../../../src/rehearsal/cluster/tools/arrive.js";
import { clusterCache } from "../../../src/rehearsal/cluster/tools/cacheDirectory.js";
import { clusterObstacle, foundTools, missingTools } from "../../../src/rehearsal/cluster/tools/tools.js";

let scratch: string;
const { XDG_CACHE_HOME } = process.env;
beforeEach(() => {
  scratch = mkdtempSync(path.join(os.tmpdir(), "hitless-test-"));
  process.env.XDG_CACHE_HOME = scratch;
});
afterEach(() => {
  if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
  rmSync(scratch, { recursive: true, force: true });
});

test("the cache is outside every clone", () => {
  expect(clusterCache({ XDG_CACHE_HOME: "/var/cache/me" })).toBe("/var/cache/me/hitless/kubernetes");
  expect(clusterCache({})).toBe(path.join(os.homedir(), ".cache/hitless/kubernetes"));
});

test("with an empty cache, what is missing is told by name, and how to get it", () => {
  expect(missingTools()).toEqual(expect.arrayContaining(["kube-apiserver", "kubelet"]));
  expect(() => foundTools()).toThrow(/kube-apiserver.*kubelet.*Fix: npm run setup -- kubernetes/);
});

test("only root on Linux can have a cluster of its own", () => {
  const uid = jest.spyOn(process, "getuid").mockReturnValue(1000);
  expect(clusterObstacle()).toMatch(process.platform === "linux" ? /needs root/ : /needs Linux/);
  uid.mockRestore();
});

test("a directory of the cache comes whole or not at all", async () => {
  const directory = path.join(scratch, "deep/part");
  const isWhole = (): boolean => existsSync(path.join(directory, "whole"));
  const failed = arrive(directory, isWhole, async (into) => {
    writeFileSync(path.join(into, "half"), "");
    throw new Error("the disk is full");
  });
  await expect(failed).rejects.toThrow("the disk is full");
  expect(existsSync(directory)).toBe(false);

  // What an interrupted set-up has left is replaced.
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, "half"), "");
  await arrive(directory, isWhole, async (into) => writeFileSync(path.join(into, "whole"), "first"));
  expect(existsSync(path.join(directory, "half"))).toBe(false);
  // Whoever comes second finds it there, whatever became of his own.
  await arrive(directory, isWhole, async (into) => writeFileSync(path.join(into, "whole"), "second"));
  await arrive(directory, isWhole, () => Promise.reject(new Error("the disk is full")));
  expect(readFileSync(path.join(directory, "whole"), "utf8")).toBe("first");
});
