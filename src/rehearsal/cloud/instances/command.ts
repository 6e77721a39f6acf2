import { spawn } from "node:child_process";

/** What a command printed, when it went well. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a system tool to its end; rejects in one sentence with what the tool itself said.
 * @param input written to its standard input
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly input?: string; readonly timeoutMs?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<CommandOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: "pipe",
      env: options.env ?? { ...process.env, LC_ALL: "C" },
      timeout: options.timeoutMs ?? 10_000,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    // A tool that fails before it reads its input closes the pipe; its exit code tells the story.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    child.on("error", (error) => reject(new Error(`${command} cannot be run: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve({ stdout, stderr });
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      reject(
        new Error(
          `${command} failed (${how}): ${(stderr.trim() || stdout.trim() || "it said nothing").split("\n").slice(-3).join("; ")}`,
        ),
      );
    });
  });
}
