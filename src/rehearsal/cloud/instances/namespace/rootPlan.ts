import { lstat, mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Logger } from "pino";
import { runCommand } from "../command.js";
import { bind, freshDirectories, isWithin, type Mount, mountPoints } from "./mountTable.js";
import { buildSkeleton, copyEntry, isReadable } from "./skeleton.js";

/** A directory of the machine that instances see through a writable layer of their own. */
export interface Layer {
  readonly target: string;
  /** Topmost first. */
  readonly lower: readonly string[];
  readonly mode: number;
}

/** How an instance's root directory is put together; worked out once, the same for all instances. */
export interface RootPlan {
  /** Parents before children; empty where overlays are not to be had. */
  readonly layers: readonly Layer[];
  /** Layers inside directories that instances otherwise get afresh, mounted after those. */
  readonly exposed: readonly Layer[];
  /** What is shown as it is: targets are paths inside the instance. */
  readonly binds: readonly Mount[];
}

/** Directories of other users to which user data adds files, and how many levels deep; see `buildSkeleton`. */
const systemDirectories: Readonly<Record<string, number>> = { "/etc": 3, "/opt": 2, "/srv": 2, "/usr": 2, "/var": 3 };

/** Directories nested deeper around mount points than this are shown as they are. */
const deepestSplit = 5;

/**
 * Finds, by trying, how far overlays reach on this machine. As root one overlay on / does, plus one for each file system
 * mounted below. In a user namespace the kernel refuses a layer under which something else is mounted (the mount is
 * locked there), so such a directory is taken apart into its children.
 */
export class RootPlanner {
  private readonly layers: Layer[] = [];
  private readonly exposed: Layer[] = [];
  private readonly binds: Mount[] = [];
  private mounts: string[] = [];

  /**
   * @param store a directory of ours on a file system of its own
   * @param userNamespace whether this process is root only inside a user namespace
   */
  constructor(
    private readonly store: string,
    private readonly userNamespace: boolean,
    private readonly log: Logger,
  ) {}

  async plan(): Promise<RootPlan> {
    this.mounts = await mountPoints([this.store]);
    await mkdir(join(this.store, "skeleton"), { recursive: true });
    const works = await this.tryOverlay([join(this.store, "skeleton")]);
    if (works !== true) {
      this.log.warn(
        { reason: works },
        "overlays cannot be mounted here: instances share the machine's files, except /tmp, /run, /root and /dev",
      );
      await this.bindEverything();
    } else {
      await this.cover("/", 0);
    }
    for (const path of exposedPaths()) await this.expose(path);
    return { layers: this.layers, exposed: this.exposed, binds: this.binds };
  }

  private async expose(path: string): Promise<void> {
    const outcome = /[,:\\"]/.test(path)
      ? "its name has a character that overlay options cannot hold"
      : await this.tryOverlay([path]);
    if (outcome === true) this.exposed.push({ target: path, lower: [path], mode: (await stat(path)).mode & 0o7777 });
    else this.log.warn({ path, reason: outcome }, "instances cannot see this directory");
  }

  private async cover(directory: string, depth: number): Promise<void> {
    if (/[,:\\"]/.test(directory)) {
      return this.show(directory, "its name has a character that overlay options cannot hold");
    }
    const lower: string[] = [];
    if (!this.userNamespace || isReadable(directory)) lower.push(directory);
    const depthToWrite = systemDirectories[directory];
    if (this.userNamespace && (lower.length === 0 || depthToWrite !== undefined)) {
      const skeleton = join(this.store, "skeleton", directory);
      buildSkeleton(directory, skeleton, depthToWrite ?? 0, directory === "/etc");
      lower.unshift(skeleton);
    }
    const outcome = await this.tryOverlay(lower);
    if (outcome === true) {
      this.layers.push({ target: directory, lower, mode: (await stat(directory)).mode & 0o7777 });
      for (const below of this.mounts.filter((target) => target !== directory && isWithin(target, directory))) {
        if (!this.layers.some((layer) => layer.target === below) && (await lstat(below)).isDirectory())
          await this.cover(below, depth + 1);
      }
      return;
    }
    if (depth >= deepestSplit || !this.mounts.some((target) => target !== directory && isWithin(target, directory))) {
      return this.show(directory, outcome);
    }
    await this.split(directory, depth);
  }

  private async split(directory: string, depth: number): Promise<void> {
    const skeleton = join(this.store, "skeleton", directory);
    await rm(skeleton, { recursive: true, force: true });
    await mkdir(skeleton, { recursive: true });
    this.layers.push({ target: directory, lower: [skeleton], mode: (await stat(directory)).mode & 0o7777 });
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      const inSkeleton = join(skeleton, entry.name);
      if (freshDirectories.includes(path)) {
        await mkdir(inSkeleton);
      } else if (entry.isDirectory()) {
        await mkdir(inSkeleton, { recursive: true });
        await this.cover(path, depth + 1);
      } else if (!copyEntry(path, inSkeleton)) {
        this.log.debug({ path }, "not shown to instances: neither a directory, a link nor a small readable file");
      }
    }
  }

  private async bindEverything(): Promise<void> {
    for (const entry of await readdir("/", { withFileTypes: true })) {
      const path = join("/", entry.name);
      if (freshDirectories.includes(path) || path === "/root") continue;
      if (entry.isDirectory()) this.binds.push(bind(path, path, "rbind"));
      else copyEntry(path, join(this.store, "skeleton", entry.name));
    }
  }

  private show(directory: string, reason: string): void {
    this.log.warn({ directory, reason }, "instances see this directory as it is, without a layer of their own");
    this.binds.push(bind(directory, directory, "rbind"));
  }

  /** True, or the reason why not. */
  private async tryOverlay(lower: readonly string[]): Promise<true | string> {
    const trial = join(this.store, "trial");
    const [upper, work, target] = [join(trial, "upper"), join(trial, "work"), join(trial, "target")];
    for (const directory of [upper, work, target]) await mkdir(directory, { recursive: true });
    try {
      const options = overlayOptions(lower, upper, work, this.userNamespace);
      await runCommand("/bin/sh", [
        "-c",
        'mount -n -t overlay overlay -o "$1" "$2" && umount "$2"',
        "sh",
        options,
        target,
      ]);
      return true;
    } catch (error) {
      return (error as Error).message;
    } finally {
      await rm(trial, { recursive: true, force: true });
    }
  }
}

/** Where the program or Node.js itself lives in a directory that instances get afresh, it is shown to them all the same. */
function exposedPaths(): string[] {
  const paths = [process.cwd(), dirname(process.execPath)];
  return paths.filter((path) => ["/tmp", "/run"].some((fresh) => path !== fresh && isWithin(path, fresh)));
}

/** The options of an overlay mount; in a user namespace overlayfs keeps its notes in user attributes (kernel: overlayfs.rst). */
export function overlayOptions(lower: readonly string[], upper: string, work: string, userNamespace: boolean): string {
  return `lowerdir=${lower.join(":")},upperdir=${upper},workdir=${work}${userNamespace ? ",userxattr" : ""}`;
}
