const pollMs = 500;

/**
 * Calls `onGone` once when the process that started this one is gone: when its IPC channel closes, or when the process `parentPid`
 * no longer exists. The returned function stops watching.
 */
export function watchParent(parentPid: number | undefined, onGone: () => void): () => void {
  let told = false;
  const tell = (): void => {
    if (told) return;
    told = true;
    forget();
    onGone();
  };
  if (process.channel) process.once("disconnect", tell);
  // Where the given process is the real parent, its end gives this one another parent; that also tells when its id is used again.
  const isRealParent = parentPid === process.ppid;
  const timer =
    parentPid === undefined
      ? undefined
      : setInterval(() => {
          if (isRealParent ? process.ppid !== parentPid : !exists(parentPid)) tell();
        }, pollMs);
  timer?.unref();
  const forget = (): void => {
    clearInterval(timer);
    process.off("disconnect", tell);
  };
  return forget;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
