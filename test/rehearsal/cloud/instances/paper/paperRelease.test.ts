import { readPaperRelease } from "../../../../../src/rehearsal/cloud/instances/paper/paperRelease.js";

const read = (text?: string, tags: Record<string, string> = {}) =>
  readPaperRelease({ tags, ...(text !== undefined && { userData: Buffer.from(text).toString("base64") }) });

test("without markers it is healthy, boots like a small server, and has the version of its tag", () => {
  const usual = { bootSeconds: 20, health: { kind: "ok" }, latencyMs: 0, errorPercent: 0 };
  expect(read(undefined, { "hitless:version": "v7" })).toEqual({ version: "v7", ...usual });
  expect(read("#!/bin/sh\nexec /opt/app/server\n")).toEqual({ version: "unknown", ...usual });
});

test("markers are assignments of a line's own, the last of which counts", () => {
  const script = `#!/bin/bash
echo VERSION=no
export VERSION='v2'
BOOT_SECONDS=5
BOOT_SECONDS="12.5"
  export HEALTH=for:30
LATENCY_MS=40
ERROR_PERCENT=2
MY_VERSION=no
exec node server.js`;
  expect(read(script, { "hitless:version": "v1" })).toEqual({
    version: "v2",
    bootSeconds: 12.5,
    health: { kind: "for", seconds: 30 },
    latencyMs: 40,
    errorPercent: 2,
  });
});

test("one line may hold several assignments; one before a command is the command's alone", () => {
  const script = "export VERSION='v 3' OTHER=x BOOT_SECONDS=\"7\" HEALTH=never\nLATENCY_MS=9 exec node server.js\n";
  expect(read(script)).toMatchObject({ version: "v 3", bootSeconds: 7, health: { kind: "never" }, latencyMs: 0 });
});

test.each([
  ["BOOT_SECONDS=soon", "BOOT_SECONDS=soon.*a number from 0 to 7200"],
  ["BOOT_SECONDS=-1", "a number from 0 to 7200"],
  ["ERROR_PERCENT=101", "a number from 0 to 100"],
  ["HEALTH=maybe", "HEALTH=maybe.*ok, never, crash or for:SECONDS"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's, not ours
  ['VERSION="${TAG}"', "runs nothing, needs a value without"],
])("%s is refused", (line, reason) => {
  expect(() => read(`#!/bin/sh\n${line}\n`)).toThrow(new RegExp(reason));
});
