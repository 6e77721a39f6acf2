import * as os from "node:os";
import * as path from "node:path";

/** Where this machine keeps what a cluster is made of, outside every clone: `$XDG_CACHE_HOME/hitless/kubernetes`. */
export function clusterCache(environment: NodeJS.ProcessEnv = process.env): string {
  return path.join(environment.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "hitless", "kubernetes");
}
