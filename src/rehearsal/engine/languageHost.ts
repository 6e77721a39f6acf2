#!/usr/bin/env node
/**
 * A small Node.js language host, for machines where Pulumi's own `pulumi-language-nodejs` is not to be had (a CLI that was built
 * from source comes without it). The engine starts it as a plugin and asks it to run a program; it starts the runner that ships
 * with the program's own `@pulumi/pulumi`, as Pulumi's host does. Policy packs run the same way, with the runner that ships with the
 * pack's own `@pulumi/pulumi`. It does not look for packages, plugins or templates.
 *
 * This file stands alone: a copy of it lies beside the CLI, and it finds everything else from the program's directory.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import * as path from "node:path";

/** The runner's exit code for "the error has been shown to the user already" (`@pulumi/pulumi/cmd/run`). */
const EXIT_ALREADY_REPORTED = 32;

const fromProgram = createRequire(path.join(process.cwd(), "package.json"));

function fromPulumi(module: string): any {
  try {
    return fromProgram(`@pulumi/pulumi/${module}`);
  } catch (error) {
    throw new Error(
      `The Pulumi program in ${process.cwd()} has no @pulumi/pulumi that could run it (${(error as Error).message}). ` +
        "Install its dependencies (npm install) and try again.",
    );
  }
}

/** The engine's address: the last positional argument, as the engine starts language plugins. */
const engineAddress = process.argv.at(-1) ?? "";
let program: ChildProcess | undefined;

function runProgram(request: any): Promise<number | null> {
  const options = request.getInfo()?.getOptions()?.toJavaScript() ?? {};
  const config: Record<string, string> = Object.fromEntries(request.getConfigMap().toArray());
  const flags = [
    `--monitor=${request.getMonitorAddress()}`,
    `--engine=${engineAddress}`,
    `--organization=${request.getOrganization()}`,
    `--project=${request.getProject()}`,
    `--root-directory=${request.getInfo()?.getRootDirectory() ?? ""}`,
    `--stack=${request.getStack()}`,
    `--pwd=${request.getPwd()}`,
    `--parallel=${request.getParallel()}`,
    ...(request.getDryrun() ? ["--dry-run"] : []),
  ];
  const nodeArguments = String(options.nodeargs ?? "")
    .split(" ")
    .filter((argument) => argument !== "");
  const runner = fromProgram.resolve("@pulumi/pulumi/cmd/run");
  program = spawn(
    process.execPath,
    [...nodeArguments, runner, ...flags, request.getProgram() || ".", ...request.getArgsList()],
    {
      cwd: request.getPwd() || process.cwd(),
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
      },
    },
  );
  const running = program;
  return new Promise((resolve, reject) => {
    running.once("error", reject);
    running.once("exit", (code) => resolve(code));
  });
}

async function run(call: any, callback: (error: Error | null, response?: unknown) => void): Promise<void> {
  const language = fromPulumi("proto/language_pb");
  try {
    const code = await runProgram(call.request);
    const response = new language.RunResponse();
    if (code === EXIT_ALREADY_REPORTED) response.setBail(true);
    else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code ?? "killed by a signal"}`);
    callback(null, response);
  } catch (error) {
    callback(error as Error);
  }
}

/** Packs that run: the engine ends one by cancelling the call that started it. */
const packs = new Set<ChildProcess>();

/** Starts a policy pack and passes on what it prints: its first line is the port that it serves on. Other plugins are not served. */
function runPlugin(call: any): void {
  const { RunPluginResponse } = fromPulumi("proto/language_pb");
  const { request } = call;
  const fail = (message: string): void => void call.emit("error", Object.assign(new Error(message), { code: 2 }));
  if (request.getKind() !== "analyzer")
    return fail(`this language host runs no plugins of kind "${request.getKind()}"`);
  const directory: string = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const fromPack = createRequire(path.join(directory, "package.json"));
  let runner: string;
  try {
    runner = fromPack.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  } catch (error) {
    return fail(`The policy pack in ${directory} has no @pulumi/pulumi to run it (${(error as Error).message}).`);
  }
  const environment = request.getEnvList().map((pair: string): [string, string] => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  // A pack reads its version from the package.json of the directory that it runs in.
  const pack = spawn(process.execPath, [runner, request.getArgsList()[0] ?? engineAddress, "."], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...Object.fromEntries(environment) },
  });
  packs.add(pack);
  pack.stdout.on("data", (chunk: Buffer) => call.write(new RunPluginResponse().setStdout(chunk)));
  pack.stderr.on("data", (chunk: Buffer) => call.write(new RunPluginResponse().setStderr(chunk)));
  pack.once("error", (error) => fail(error.message));
  pack.once("close", (code) => {
    packs.delete(pack);
    call.write(new RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
  call.on("cancelled", () => pack.kill("SIGTERM"));
}

/** The engine is gone when it closes our standard input: nothing of ours may outlive it. */
function endWithEngine(): void {
  const end = (): void => {
    program?.kill("SIGKILL");
    for (const pack of packs) pack.kill("SIGKILL");
    process.exit(0);
  };
  process.stdin.on("end", end).on("close", end).resume();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => program?.kill(signal));
}

function main(): void {
  const grpc = createRequire(fromProgram.resolve("@pulumi/pulumi/package.json"))("@grpc/grpc-js");
  const { LanguageRuntimeService } = fromPulumi("proto/language_grpc_pb");
  const language = fromPulumi("proto/language_pb");
  const plugin = fromPulumi("proto/plugin_pb");
  const { Empty } = createRequire(fromProgram.resolve("@pulumi/pulumi/package.json"))(
    "google-protobuf/google/protobuf/empty_pb.js",
  );

  const server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  server.addService(LanguageRuntimeService, {
    run,
    runPlugin,
    getRequiredPlugins: (_: any, callback: any) => callback(null, new language.GetRequiredPluginsResponse()),
    getRequiredPackages: (_: any, callback: any) => callback(null, new language.GetRequiredPackagesResponse()),
    getPluginInfo: (_: any, callback: any) => {
      const info = new plugin.PluginInfo();
      info.setVersion("3.0.0");
      callback(null, info);
    },
    cancel: (_: any, callback: any) => {
      // The engine asks this of every plugin that it is done with, and waits up to five seconds for the process to end.
      callback(null, new Empty());
      for (const pack of packs) pack.kill("SIGTERM");
      const running = program?.exitCode === null && program.signalCode === null ? program : undefined;
      if (running === undefined) return void setImmediate(() => process.exit(0));
      running.once("exit", () => process.exit(0)).kill("SIGTERM");
    },
  });
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error: Error | null, port: number) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  endWithEngine();
}

main();
