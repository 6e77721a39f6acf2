import { dirname } from "node:path";

const systemPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/**
 * The environment that cloud-init gives a script, and nothing of the caller's own: no AWS_*, no PULUMI_*, no tokens. PATH
 * also finds the Node.js that runs the local cloud, so that user data may say `node` wherever that lives.
 */
export function instanceEnvironment(home: string): Record<string, string> {
  const node = dirname(process.execPath);
  const path = systemPath.includes(node) ? systemPath : [node, ...systemPath];
  return { PATH: path.join(":"), HOME: home, LANG: "C.UTF-8", SHELL: "/bin/sh" };
}
