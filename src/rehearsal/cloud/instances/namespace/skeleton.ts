import {
  accessSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";

/** Small files are copied; anything larger is worth a mount of its own. */
export const largestCopiedFile = 1024 * 1024;

/**
 * A user namespace maps one user only: whatever other users own on the machine belongs to nobody inside and cannot be written,
 * overlay or not. A skeleton is a layer of our own above it with the same directories, so that user data can add files
 * to them. Files of /etc are copied as well (they are small, and scripts append to them). Synchronous, because it is a
 * thousand small steps while nothing else goes on.
 */
export function buildSkeleton(source: string, target: string, depth: number, copyFiles: boolean): void {
  mkdirSync(target, { recursive: true });
  if (depth === 0 || !isReadable(source)) return;
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    // What cannot be read stays below, as closed to the instance as it is to the user.
    if (entry.isDirectory() && isReadable(from)) buildSkeleton(from, to, depth - 1, copyFiles);
    else if (copyFiles) copyEntry(from, to);
  }
}

/** Copies a symbolic link, or a small readable file. False when it was neither. */
export function copyEntry(from: string, to: string): boolean {
  const stats = lstatSync(from);
  if (stats.isSymbolicLink()) {
    symlinkSync(readlinkSync(from), to);
    return true;
  }
  if (!stats.isFile() || stats.size > largestCopiedFile || !isReadable(from, constants.R_OK)) return false;
  copyFileSync(from, to);
  return true;
}

/** Whether this process may list and enter a directory (or, with a mode of its own, read a file). */
export function isReadable(path: string, mode: number = constants.R_OK | constants.X_OK): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
