import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { pino } from "pino";
import { LocalCloud } from "../../../src/rehearsal/cloud/cloud.js";
import { findOnPath } from "../../../src/rehearsal/engine/onPath.js";
import { run } from "./run.js";

const source = path.resolve(__dirname, "../go");

/** Where Go and the modules are, or why there are none. */
function goProgram(): { go: string } | { missing: string } {
  const go = findOnPath("go");
  if (go === undefined) return { missing: "there is no go on PATH" };
  const { status, stderr } = spawnSync(go, ["mod", "download"], { cwd: source, encoding: "utf8", timeout: 120_000 });
  return status === 0 ? { go } : { missing: `the modules are not to be had: ${stderr.trim().split("\n").at(-1)}` };
}

const program = goProgram();
if ("missing" in program) process.stderr.write(`skipped: CloudWatch in CBOR by Go's SDK, because ${program.missing}\n`);
const testWithGo = "go" in program ? test : test.skip;

testWithGo(
  "AWS's SDK for Go asks CloudWatch in CBOR: times, numbers, texts, tags and typed refusals [D-05]",
  async () => {
    if (!("go" in program)) return;
    const cloud = await LocalCloud.start({ port: 0, speed: 1, log: pino({ level: "silent" }), isolation: "loopback" });
    try {
      const cache = spawnSync(program.go, ["env", "GOPATH", "GOMODCACHE", "GOCACHE", "GOPROXY", "GOSUMDB"], {
        encoding: "utf8",
      });
      const [GOPATH = "", GOMODCACHE = "", GOCACHE = "", GOPROXY = "", GOSUMDB = ""] = cache.stdout.split("\n");
      const env = { GOPATH, GOMODCACHE, GOCACHE, GOPROXY, GOSUMDB };
      const out = await run(program.go, ["run", "."], { url: cloud.url, cwd: source, env });
      expect(JSON.parse(out)).toEqual({
        threshold: 1.5,
        updatedSecondsAgo: 0,
        team: "a",
        sum: 2.5,
        unknownIsTyped: true,
        protocols: { "rpc-v2-cbor": 7 },
      });
    } finally {
      await cloud.close();
    }
  },
  120_000,
);
