import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runCommand } from "../../../src/rehearsal/cloud/instances/command.js";
import { fullImageName, type LocalImage } from "../../../src/rehearsal/cluster/images/image.js";
import { writeImage } from "../../../src/rehearsal/cluster/images/writeImage.js";

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(path.join(os.tmpdir(), "hitless-test-"));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

test.each([
  ["shop:v1", "docker.io/library/shop:v1"],
  ["shop", "docker.io/library/shop:latest"],
  ["team/shop:v1", "docker.io/team/shop:v1"],
  ["registry.example.com/web:1", "registry.example.com/web:1"],
  ["localhost/web:1", "localhost/web:1"],
  ["registry:5000/web", "registry:5000/web:latest"],
])("%s is kept as %s", (name, full) => {
  expect(fullImageName(name)).toBe(full);
});

const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));

async function write(image: Omit<LocalImage, "name">, into: string) {
  const layout = path.join(scratch, into);
  await writeImage({ name: "shop:v1", ...image }, layout);
  const blob = (digest: string): string => path.join(layout, "blobs/sha256", digest.replace("sha256:", ""));
  const [described] = read(path.join(layout, "index.json")).manifests;
  const manifest = read(blob(described.digest));
  return { layout, blob, described, manifest, config: read(blob(manifest.config.digest)) };
}

const onLinux = process.platform === "linux" ? test : test.skip; // GNU tar's options

onLinux("an image is a layout whose digests are those of its content", async () => {
  mkdirSync(path.join(scratch, "app/lib"), { recursive: true });
  writeFileSync(path.join(scratch, "app/server.js"), "serve()");
  symlinkSync("../server.js", path.join(scratch, "app/lib/link.js"));
  const files = { "/app": path.join(scratch, "app") };
  const first = await write({ files, command: ["/app/server.js"], environment: { A: "b" }, user: "1000" }, "one");
  expect(first.described.annotations).toEqual({ "io.containerd.image.name": "docker.io/library/shop:v1" });
  for (const { digest, size } of [first.described, first.manifest.config, ...first.manifest.layers]) {
    const content = readFileSync(first.blob(digest));
    expect(`sha256:${createHash("sha256").update(content).digest("hex")}`).toBe(digest);
    expect(content.length).toBe(size);
  }
  expect(first.config.config).toMatchObject({ Cmd: ["/app/server.js"], User: "1000", WorkingDir: "/" });
  expect(first.config.config.Env).toContain("A=b");
  expect(first.config.rootfs.diff_ids).toEqual(first.manifest.layers.map(({ digest }: { digest: string }) => digest));
  const { stdout } = await runCommand("tar", ["-tvf", first.blob(first.manifest.layers[0].digest)]);
  expect(stdout).toMatch(/^-\S+ 0\/0 .* \.\/app\/lib\/link\.js$/m); // what a link leads to, owned by root

  // Written again, it is the same to the last byte.
  expect((await write({ files, command: ["/app/server.js"] }, "two")).manifest.layers).toEqual(first.manifest.layers);
});

test("an image without anything in it, or of what is not there, is refused", async () => {
  await expect(write({}, "empty")).rejects.toThrow('image "shop:v1" has neither programs nor files');
  const nowhere = path.join(scratch, "nowhere");
  await expect(write({ files: { "/app": nowhere } }, "lacking")).rejects.toThrow(
    `the image's /app is to be ${nowhere}, which does not exist`,
  );
});
