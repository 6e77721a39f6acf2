import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { fullImageName, type LocalImage } from "./image.js";
import { type Layer, writeLayer } from "./layer.js";
import { programLayer } from "./programLayer.js";

/** Debian's and Node's names of the platform that we run on. */
const architecture = process.arch === "x64" ? "amd64" : process.arch;

/**
 * Writes an image as an OCI image layout (a directory), ready to be packed and imported; needs no registry and no builder.
 *
 * @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export async function writeImage(image: LocalImage, directory: string): Promise<void> {
  const blobs = path.join(directory, "blobs/sha256");
  mkdirSync(blobs, { recursive: true });
  const layers: Layer[] = [];
  if (image.programs?.length) layers.push(await programLayer(image.programs));
  const files = new Map(Object.entries(image.files ?? {}));
  if (files.size > 0)
    layers.push(await writeLayer(files, path.join(directory, "..", `${path.basename(directory)}.tar`)));
  if (layers.length === 0) throw new Error(`image "${image.name}" has neither programs nor files`);
  for (const layer of layers) symlinkSync(layer.file, path.join(blobs, layer.digest));

  const put = (content: object): { digest: string; size: number } => {
    const text = JSON.stringify(content);
    const digest = createHash("sha256").update(text).digest("hex");
    writeFileSync(path.join(blobs, digest), text);
    return { digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
  };
  const config = put(configOf(image, layers));
  const manifest = put({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
    layers: layers.map(({ digest, size }) => ({
      mediaType: "application/vnd.oci.image.layer.v1.tar",
      digest: `sha256:${digest}`,
      size,
    })),
  });
  const name = fullImageName(image.name);
  writeFileSync(path.join(directory, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  writeFileSync(
    path.join(directory, "index.json"),
    JSON.stringify({
      schemaVersion: 2,
      manifests: [
        {
          mediaType: "application/vnd.oci.image.manifest.v1+json",
          ...manifest,
          platform: { os: "linux", architecture },
          annotations: { "io.containerd.image.name": name },
        },
      ],
    }),
  );
}

function configOf(image: LocalImage, layers: readonly Layer[]): object {
  const { environment = {}, entrypoint = [], command = [], workingDirectory = "/", user = "" } = image;
  return {
    architecture,
    os: "linux",
    config: {
      User: user,
      Env: [
        "PATH=/usr/local/bin:/usr/bin:/bin",
        ...Object.entries(environment).map(([key, value]) => `${key}=${value}`),
      ],
      Entrypoint: entrypoint,
      Cmd: command,
      WorkingDir: workingDirectory,
    },
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => `sha256:${digest}`) },
    history: layers.map(() => ({ created_by: "hitless" })),
  };
}
