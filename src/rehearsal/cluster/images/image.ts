/** An image that is written on this machine, from files of this machine. */
export interface LocalImage {
  /** As pods name it, with a tag: `shop:v1`. */
  readonly name: string;
  /** Programs of this machine, by absolute path: each is put where it is here, with the shared libraries that it loads. */
  readonly programs?: readonly string[];
  /** Files and directories, by their absolute path in the image: where they are here. */
  readonly files?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** @default "/" */
  readonly workingDirectory?: string;
  /** Number of the user that it runs as. @default root, as in most images: a pod's `runAsNonRoot` then needs a `runAsUser` */
  readonly user?: string;
}

/** The name under which a node's container runtime keeps an image: with its registry, repository and tag, as Docker's rules fill them in. */
export function fullImageName(name: string): string {
  const [first = "", ...rest] = name.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const path = hasRegistry ? name : `docker.io/${rest.length > 0 ? name : `library/${name}`}`;
  return /:[^/]+$/.test(path.slice(path.lastIndexOf("/"))) ? path : `${path}:latest`;
}
