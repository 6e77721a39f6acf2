import { Cluster, type ClusterOptions } from "../../src/rehearsal/cluster/cluster.js";
import { clusterObstacle, missingTools, prepareClusterTools } from "../../src/rehearsal/cluster/tools/tools.js";
import { findOnPath } from "../../src/rehearsal/engine/onPath.js";

/** The first time Kubernetes is built from source. */
const SETUP_DEADLINE_MS = 45 * 60_000;

const say = (line: string): void => void process.stderr.write(`cluster: ${line}\n`);

/** Why these tests cannot run here: what nobody could mend by waiting. */
function obstacle(): string | undefined {
  const found = clusterObstacle();
  if (found !== undefined) return found;
  const missing = missingTools();
  if (missing.some((name) => /^kube/.test(name)) && findOnPath("go") === undefined)
    return `there is no go on PATH that would build ${missing.join(", ")}`;
  return undefined;
}

/**
 * A suite that needs a real cluster: one is started before its tests and gone after them. Where none can be had, the suite is
 * skipped, and says why.
 *
 * @param tests is given a function that answers the cluster, once tests run
 */
export function describeWithCluster(
  name: string,
  tests: (cluster: () => Cluster) => void,
  options: ClusterOptions = {},
): void {
  const reason = obstacle();
  if (reason !== undefined) {
    say(`skipped "${name}": ${reason}`);
    describe.skip(`${name} (skipped: ${reason})`, () => tests(() => undefined as never));
    return;
  }
  describe(name, () => {
    let cluster: Cluster | undefined;
    beforeAll(async () => {
      await prepareClusterTools(say);
      cluster = await Cluster.start({ progress: say, ...options });
    }, SETUP_DEADLINE_MS);
    afterAll(async () => {
      const broken = cluster?.ended();
      await cluster?.close();
      if (broken !== undefined) throw new Error(`the cluster broke during the tests: ${broken}`);
    }, 60_000);
    // Inside, so that what the tests have made is ended before the cluster is: its addresses are nobody's afterwards.
    describe("with a cluster", () => tests(() => cluster as Cluster));
  });
}
