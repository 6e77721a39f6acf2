// One release and its rollback under load: how long, what was lost, how often the API server was called.

/**
 * @param namespace where the pods are
 * @param url what users ask
 * @param actor whose calls to the API server count
 * @param phases what happens, one after the other, by name: `act` resolves when its tool says that it is done; `leaves` is the version that
 * users had before
 * @returns figures of each phase: `seconds` until it is done, `moved`, seconds until the old version has given its last answer, `lost`,
 * `sent`, `calls` (the actor's own, until it is done) and `all` (everybody's, less what the cluster does anyway)
 */
export async function underLoad(ground, { namespace, url, actor, load, phases }) {
  const { LoadProcess } = ground.dist("load/loadProcess.js");
  const generator = await LoadProcess.start({ ...load, url });
  try {
    const restPerSecond = await atRest(ground);
    const measured = {};
    for (const [name, { act, leaves }] of Object.entries(phases)) {
      const before = await ground.calls();
      const startedAt = Date.now();
      await act();
      const seconds = (Date.now() - startedAt) / 1000;
      const after = await ground.calls();
      await ground.settled(namespace);
      const { lastPlainAnswer } = await generator.counts();
      const moved = (lastPlainAnswer[leaves] - startedAt) / 1000;
      const all = Math.max(0, after.all - before.all - restPerSecond * seconds);
      const calls = after[actor] - before[actor];
      measured[name] = { seconds, moved, calls, all: Math.round(all), startedAt };
    }
    const summary = await generator.stop();
    // Only now has everything ended that was under way: losses count for the phase in which the request was due.
    const starts = Object.values(measured).map(({ startedAt }) => startedAt);
    for (const [index, phase] of Object.values(measured).entries()) {
      const { lost, sent } = await generator.window(phase.startedAt, starts[index + 1] ?? summary.endedAt);
      Object.assign(phase, { lost, sent });
    }
    return { ...measured, lostByKind: summary.lostByKind, schedulingMs: summary.schedulingMs };
  } finally {
    await generator.kill();
  }
}

/** How often the cluster's own parts call the API server in a second when nothing changes. */
async function atRest(ground, seconds = 3) {
  const before = await ground.calls();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = await ground.calls();
  return (after.all - before.all) / seconds;
}
