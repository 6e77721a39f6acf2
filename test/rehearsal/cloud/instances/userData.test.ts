import { gzipSync } from "node:zlib";
import { decodeUserData, readUserData } from "../../../../src/rehearsal/cloud/instances/userData.js";

const encode = (content: string | Buffer): string => Buffer.from(content).toString("base64");

test("a script is what begins with #!, gzipped or not", () => {
  const script = "#!/bin/bash\necho hello\n";
  expect(readUserData(encode(script))).toEqual({ kind: "script", script: Buffer.from(script) });
  expect(readUserData(encode(gzipSync(script)))).toEqual({ kind: "script", script: Buffer.from(script) });
});

test("nothing at all is no user data", () => {
  expect(readUserData(undefined)).toEqual({ kind: "none" });
  expect(readUserData("")).toEqual({ kind: "none" });
});

test("line ends are made Unix's only when the first line has DOS's, as cloud-init does", () => {
  expect(readUserData(encode("#!/bin/sh\r\necho 1\r\n"))).toEqual({
    kind: "script",
    script: Buffer.from("#!/bin/sh\necho 1\n"),
  });
  const mixed = "#!/bin/sh\necho 1\r\n";
  expect(readUserData(encode(mixed))).toEqual({ kind: "script", script: Buffer.from(mixed) });
});

test.each([
  ["#cloud-config\npackages: [nginx]\n", "cloud-config"],
  ["#cloud-config-archive\n- a\n", "a cloud-config archive"],
  ["#include\nhttps://example.com/x\n", "an include list"],
  ["#cloud-boothook\n#!/bin/sh\n", "a cloud boothook"],
  ["#part-handler\n", "a part handler"],
  ['Content-Type: multipart/mixed; boundary="x"\n', "a MIME multipart message"],
  ["MIME-Version: 1.0\n", "a MIME multipart message"],
  ["## template: jinja\n#!/bin/sh\n", "a jinja template"],
])("what cloud-init would carry out otherwise is refused by name: %j", (content, name) => {
  expect(() => readUserData(encode(content))).toThrow(`the user data is ${name},`);
});

test("other text is not run, and says so, as cloud-init ignores it", () => {
  expect(readUserData(encode("color=blue\n"))).toMatchObject({
    kind: "inert",
    why: expect.stringContaining('no "#!"'),
  });
});

test("faults are told in a sentence", () => {
  expect(() => readUserData("not base64!")).toThrow("is not base64");
  expect(() => readUserData(encode(Buffer.from([0x1f, 0x8b, 1, 2, 3])))).toThrow("cannot be unpacked");
});

test("a gzipped bomb does not fill the memory", () => {
  expect(() => readUserData(encode(gzipSync(Buffer.alloc(20 * 1024 * 1024))))).toThrow("cannot be unpacked");
});

test("the metadata service gets the bytes as they were given", () => {
  const zipped = gzipSync("#!/bin/sh\n");
  expect(decodeUserData(encode(zipped))).toEqual(zipped);
});
