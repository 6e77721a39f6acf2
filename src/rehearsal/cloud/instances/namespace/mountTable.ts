import { readFile } from "node:fs/promises";

/** Directories that every instance gets afresh, so what is mounted there is of no interest. */
export const freshDirectories: readonly string[] = ["/proc", "/sys", "/dev", "/run", "/tmp"];

/** True for `path` itself and everything below it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** Where something is mounted on this machine, parents first, without what instances get afresh anyway. */
export async function mountPoints(ignored: readonly string[]): Promise<string[]> {
  const table = await readFile("/proc/self/mountinfo", "utf8");
  const targets = table
    .split("\n")
    .map((line) => line.split(" ")[4])
    .filter((target): target is string => target !== undefined)
    .map((target) => target.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))))
    .filter((target) => ![...freshDirectories, ...ignored].some((directory) => isWithin(target, directory)));
  return [...new Set(targets)].sort();
}

/** One line of an fstab. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly options: string;
}

/** A bind mount, of a single file or directory. */
export const bind = (source: string, target: string, options = "bind"): Mount => ({
  source,
  target,
  type: "none",
  options,
});

/** Writes mounts as `mount -a -T` reads them (fstab(5): blanks and backslashes in octal). */
export function toFstab(mounts: readonly Mount[]): string {
  const field = (text: string): string =>
    text.replace(/[\s\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
  return mounts
    .map((mount) => `${field(mount.source)} ${field(mount.target)} ${mount.type} ${field(mount.options)} 0 0\n`)
    .join("");
}
