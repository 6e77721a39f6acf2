import { access, constants, readFile } from "node:fs/promises";
import { runCommand } from "./command.js";

/** Whether instances can have network, mount and process namespaces of their own here; if not, why and how to mend it, in one sentence. */
export type ProbeResult = { readonly usable: true } | { readonly usable: false; readonly reason: string };

/** The tools that namespaces need, and the package that each comes with. */
const tools: readonly (readonly [string, string])[] = [
  ["unshare", "util-linux"],
  ["mount", "util-linux"],
  ["umount", "util-linux"],
  ["pivot_root", "util-linux"],
  ["ip", "iproute2"],
  ["mkfifo", "coreutils"],
  ["hostname", "hostname"],
];

/** System tools often live where an ordinary user's PATH does not look. */
export const toolPath = [process.env.PATH, "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"]
  .filter(Boolean)
  .join(":");

/**
 * The `unshare` arguments that put the host, and everything it starts, into namespaces of its own. Root needs no user
 * namespace; anyone else becomes root inside one.
 */
export function hostNamespaceArguments(userNamespace: boolean): string[] {
  return [
    ...(userNamespace ? ["--user", "--map-root-user"] : []),
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
  ];
}

/** True when this process is the machine's own root (or a container's). */
export const runsAsRoot = (): boolean => process.getuid?.() === 0;

/**
 * Finds out by trying: makes the namespaces, a bridge, a pair of interfaces and a file system, all of which vanish again.
 * @param userNamespace whether to become root inside a user namespace, or to be root already
 */
export async function probeNamespaces(userNamespace: boolean): Promise<ProbeResult> {
  if (process.platform !== "linux") return no(`namespaces are a Linux feature and this is ${process.platform}`);
  const missing: string[] = [];
  for (const [tool, from] of tools) if (!(await onPath(tool))) missing.push(`${tool} (package ${from})`);
  if (missing.length > 0)
    return no(`these tools are missing: ${missing.join(", ")}; install them to run instances in namespaces`);
  // Each step ends the trial with a word of its own, which says what could not be had.
  const trial = `
    ip link add name hitless0 type bridge || { echo step=bridge; exit 1; }
    ip link add name hitless1 type veth peer name hitless2 || { echo step=veth; exit 1; }
    mount -t tmpfs t /tmp || { echo step=tmpfs; exit 1; }
    unshare --net --mount --pid --uts --ipc --fork true || { echo step=nested; exit 1; }
    echo step=done`;
  try {
    await runCommand("unshare", [...hostNamespaceArguments(userNamespace), "/bin/sh", "-c", trial], {
      env: { PATH: toolPath, LC_ALL: "C" },
      timeoutMs: 10_000,
    });
    return { usable: true };
  } catch (error) {
    return no(`${(error as Error).message}. ${await remedy()}`);
  }
}

const no = (reason: string): ProbeResult => ({ usable: false, reason });

async function onPath(tool: string): Promise<boolean> {
  for (const directory of toolPath.split(":")) {
    try {
      await access(`${directory}/${tool}`, constants.X_OK);
      return true;
    } catch {
      // Not here: the next directory may have it.
    }
  }
  return false;
}

/** The usual obstacles, looked up where the kernel tells them. */
async function remedy(): Promise<string> {
  if (runsAsRoot()) {
    return "As root this is usually a container without CAP_SYS_ADMIN and CAP_NET_ADMIN, or a kernel without bridge and veth (try: modprobe bridge veth)";
  }
  if ((await setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")) === "1") {
    return "AppArmor keeps ordinary users from user namespaces; allow them with: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0";
  }
  if ((await setting("/proc/sys/kernel/unprivileged_userns_clone")) === "0") {
    return "Ordinary users may not make user namespaces here; allow them with: sudo sysctl kernel.unprivileged_userns_clone=1";
  }
  if ((await setting("/proc/sys/user/max_user_namespaces")) === "0") {
    return "User namespaces are switched off; allow them with: sudo sysctl user.max_user_namespaces=10000";
  }
  return "Run as root, or allow ordinary users to make user namespaces";
}

async function setting(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch {
    // The kernel does not know this setting, so it is not the obstacle.
    return undefined;
  }
}
