import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import { runCommand } from "../../cloud/instances/command.js";

/** One layer of an image: a tar file. */
export interface Layer {
  readonly file: string;
  /** Of its content, without "sha256:". */
  readonly digest: string;
  readonly size: number;
}

const DEADLINE_MS = 120_000;

/**
 * Writes a layer with these files, where they are not links (their targets are what counts). The same files make the same layer.
 *
 * @param files absolute path in the image → path on this machine
 */
export async function writeLayer(files: ReadonlyMap<string, string>, target: string): Promise<Layer> {
  const tree = mkdtempSync(path.join(os.tmpdir(), "hitless-layer-"));
  try {
    for (const [inImage, here] of files) {
      if (!existsSync(here)) throw new Error(`the image's ${inImage} is to be ${here}, which does not exist`);
      const link = path.join(tree, inImage);
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(here, link);
    }
    const arriving = `${target}.${process.pid}`;
    const same = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "--format=gnu"];
    await runCommand("tar", [...same, "--dereference", "--hard-dereference", "-cf", arriving, "-C", tree, "."], {
      timeoutMs: DEADLINE_MS,
    });
    renameSync(arriving, target);
    return readLayer(target);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

export async function readLayer(file: string): Promise<Layer> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return { file, digest: hash.digest("hex"), size: statSync(file).size };
}
