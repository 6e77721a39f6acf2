import { spawn } from "node:child_process";

/** Runs a program of somebody else's against the cloud; rejects with what it said when it fails. */
export function run(
  command: string,
  args: readonly string[],
  options: { url: string; env?: Record<string, string>; input?: string; cwd?: string },
): Promise<string> {
  const { url, env = {}, input = "", cwd } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: {
        PATH: process.env.PATH ?? "",
        HOME: process.env.HOME ?? "/",
        AWS_ENDPOINT_URL: url,
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "local",
        AWS_SECRET_ACCESS_KEY: "local",
        AWS_CONFIG_FILE: "/dev/null",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        AWS_EC2_METADATA_DISABLED: "true",
        ...env,
      },
      ...(cwd !== undefined && { cwd }),
    });
    let out = "";
    let all = "";
    child.stdout.on("data", (data) => {
      out += data;
      all += data;
    });
    child.stderr.on("data", (data) => {
      all += data;
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${command} ended with ${code}:\n${all.slice(-4000)}`)),
    );
    child.stdin.end(input);
  });
}
