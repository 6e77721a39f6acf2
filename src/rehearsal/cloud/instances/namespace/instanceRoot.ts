import { chmod, cp, mkdir, stat, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { hostNameOf, parseCidr, privateDnsNameOf, resolverOf } from "../addresses.js";
import type { InstanceSpec } from "../runtime.js";
import { bind, freshDirectories, isWithin, type Mount, toFstab } from "./mountTable.js";
import { instanceNetworkBatch } from "./network.js";
import { type Layer, overlayOptions, type RootPlan } from "./rootPlan.js";

/** Where cloud-init keeps a script of user data (cloud-init: "User data scripts"). */
const cloudInitScript = "/var/lib/cloud/instance/scripts/part-001";
const devices = ["null", "zero", "full", "random", "urandom", "tty"];

/** A prepared boot directory, as `initScript` wants it. */
export interface PreparedRoot {
  readonly directory: string;
  /** The script's path inside the instance; empty when there is none. */
  readonly script: string;
}

/** Lays out the files from which instances boot. */
export class InstanceRoots {
  private hidden?: Promise<string[]>;

  /** @param userNamespace whether the machine's files belong to nobody here */
  constructor(
    private readonly store: string,
    private readonly plan: RootPlan,
    private readonly userNamespace: boolean,
  ) {}

  /** Writes everything that the instance's first process needs to put its root directory together. */
  async prepare(name: string, spec: InstanceSpec, script: Buffer | undefined): Promise<PreparedRoot> {
    const directory = join(this.store, "instances", name);
    const root = join(directory, "root");
    await mkdir(root, { recursive: true });
    const uppers = await this.layOutLayers(directory);
    // Without overlays the root directory itself is ours to fill; with them, the upper layer is.
    const write = async (path: string, content: string | Buffer, mode: number): Promise<void> => {
      const layer = uppers.filter(({ target }) => isWithin(path, target)).at(-1);
      const file = layer
        ? join(layer.upper, path.slice(layer.target === "/" ? 0 : layer.target.length))
        : join(root, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content, { mode });
      await chmod(file, mode);
    };
    const top = uppers[0]?.upper ?? root;
    for (const fresh of [...freshDirectories, "/root", "/.outside"]) await mkdir(join(top, fresh), { recursive: true });
    const overlaid = uppers.length > 0;
    if (!overlaid) await cp(join(this.store, "skeleton"), root, { recursive: true, verbatimSymlinks: true });
    const scriptPath = overlaid ? cloudInitScript : "/user-data";
    if (script) await write(scriptPath, script, 0o700);
    if (overlaid) await writeIdentity(spec, write);
    await layOutDevices(join(directory, "dev"));
    await writeFile(join(directory, "network"), instanceNetworkBatch(spec));
    await writeFile(join(directory, "fstab"), toFstab(await this.mounts(directory, root)));
    return { directory, script: script ? scriptPath : "" };
  }

  private async layOutLayers(directory: string): Promise<{ target: string; upper: string }[]> {
    const { layers, exposed } = this.plan;
    const uppers = await Promise.all(
      [...layers, ...exposed].map(async ({ target, mode }, index) => {
        const upper = join(directory, `upper${index}`);
        await mkdir(upper);
        await chmod(upper, mode);
        await mkdir(join(directory, `work${index}`));
        return { target, upper };
      }),
    );
    return uppers.slice(0, layers.length);
  }

  private async mounts(directory: string, root: string): Promise<Mount[]> {
    const { layers, exposed, binds } = this.plan;
    const overlay = ({ target, lower }: Layer, index: number, more = ""): Mount => ({
      source: "overlay",
      target: join(root, target),
      type: "overlay",
      options:
        overlayOptions(lower, join(directory, `upper${index}`), join(directory, `work${index}`), this.userNamespace) +
        more,
    });
    const dev = join(root, "dev");
    const tmpfs = (target: string, mode: string): Mount => ({
      source: "tmpfs",
      target,
      type: "tmpfs",
      options: `nosuid,nodev,mode=${mode}`,
    });
    return [
      // A root directory has to be a mount point; without overlays it is made one.
      ...(layers.length === 0 ? [bind(root, root)] : []),
      ...layers.map((layer, index) => overlay(layer, index)),
      ...binds.map(({ source, target, options }) => bind(source, join(root, target), `${options},X-mount.mkdir`)),
      { source: "proc", target: join(root, "proc"), type: "proc", options: "nosuid,nodev,noexec" },
      // The kernel's settings are the whole machine's, all but those of the network. (Others than root cannot write them anyway.)
      ...(this.userNamespace
        ? []
        : ["kernel", "vm", "fs"].map((name) =>
            bind(join(root, "proc/sys", name), join(root, "proc/sys", name), "bind,ro"),
          )),
      { source: "sysfs", target: join(root, "sys"), type: "sysfs", options: "ro,nosuid,nodev,noexec" },
      bind(join(directory, "dev"), dev),
      ...devices.map((name) => bind(join("/dev", name), join(dev, name))),
      { source: "devpts", target: join(dev, "pts"), type: "devpts", options: "newinstance,ptmxmode=0666,mode=0620" },
      tmpfs(join(dev, "shm"), "1777"),
      tmpfs(join(root, "run"), "755"),
      tmpfs(join(root, "tmp"), "1777"),
      ...(layers.length === 0 ? [tmpfs(join(root, "root"), "700")] : []),
      ...exposed.map((layer, index) => overlay(layer, layers.length + index, ",X-mount.mkdir")),
      ...(await this.hiddenPaths()).map((path) => bind(join(this.store, "empty"), join(root, path), "bind,ro")),
    ];
  }

  /** The caller's own credentials, which an SDK inside an instance would otherwise find and use. */
  private hiddenPaths(): Promise<string[]> {
    this.hidden ??= (async () => {
      await mkdir(join(this.store, "empty"), { recursive: true });
      const found: string[] = [];
      for (const home of new Set(["/root", homedir()])) {
        if (this.plan.layers.length === 0 && home === "/root") continue;
        for (const name of [".aws", ".pulumi", ".ssh"]) {
          const path = join(home, name);
          if (!freshDirectories.some((fresh) => isWithin(path, fresh)) && (await isDirectory(path))) found.push(path);
        }
      }
      return found;
    })();
    return this.hidden;
  }
}

async function writeIdentity(
  spec: InstanceSpec,
  write: (path: string, content: string, mode: number) => Promise<void>,
): Promise<void> {
  const short = hostNameOf(spec.privateIpAddress);
  const long = privateDnsNameOf(spec.privateIpAddress, spec.region);
  await write("/etc/hostname", `${short}\n`, 0o644);
  await write("/etc/hosts", `127.0.0.1 localhost\n::1 localhost\n${spec.privateIpAddress} ${long} ${short}\n`, 0o644);
  await write("/etc/resolv.conf", `nameserver ${resolverOf(parseCidr(spec.vpcCidr))}\n`, 0o644);
}

/** A small /dev: the machine's disks and consoles are no business of an instance. */
async function layOutDevices(dev: string): Promise<void> {
  for (const name of ["pts", "shm"]) await mkdir(join(dev, name), { recursive: true });
  for (const name of devices) await writeFile(join(dev, name), "");
  const links = {
    fd: "/proc/self/fd",
    stdin: "/proc/self/fd/0",
    stdout: "/proc/self/fd/1",
    stderr: "/proc/self/fd/2",
    ptmx: "pts/ptmx",
  };
  for (const [name, target] of Object.entries(links)) await symlink(target, join(dev, name));
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Absent or closed to this user: nothing there to hide.
    return false;
  }
}
