import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/**
 * Writes the certificates that the program is to trust: the cloud's, and those that Node trusts for its user already
 * (NODE_EXTRA_CA_CERTS names one file only). So a program's own HTTPS checks of its load balancer pass as they would in AWS.
 */
export function writeTrust(workDirectory: string, trust: string, own: NodeJS.ProcessEnv): string {
  const file = path.join(workDirectory, "trust.pem");
  const users = own.NODE_EXTRA_CA_CERTS ? [readUsers(own.NODE_EXTRA_CA_CERTS)] : [];
  writeFileSync(file, [...users, trust].join("\n"));
  return file;
}

/** As Node does: a file that cannot be read is no reason to stop, and Node has warned of it. */
function readUsers(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
