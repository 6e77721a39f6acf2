import { Command, InvalidArgumentError, Option } from "commander";
import type { Logger } from "pino";
import type { LocalCloud } from "../rehearsal/cloud/cloud.js";
import { readCertificate } from "../rehearsal/cloud/tls/certificateFiles.js";
import type { Certificate } from "../rehearsal/cloud/tls/x509.js";
import { badInput } from "../rehearsal/scenario/codes.js";
import { createCloudLog, type LogLevel, logLevels } from "./cloudLog.js";
import { stopRequest } from "./stopRequest.js";

/** PEM certificates and keys by the ARN that listeners name. */
type Certificates = Readonly<Record<string, Certificate>>;

interface CloudFlags {
  readonly port: number;
  readonly speed: number;
  readonly isolation: "auto" | "namespace" | "loopback" | "paper";
  readonly image: Readonly<Record<string, string>>;
  readonly certificate?: Certificates;
  readonly logLevel: LogLevel;
  readonly consistencyDelay?: number;
  readonly kubeconfig?: string;
  readonly parentPid?: number;
}

/** What `hitless cloud` tells a parent over IPC once it serves. */
export interface CloudReadyMessage {
  readonly type: "ready";
  readonly url: string;
  readonly port: number;
}

/** Exit code of a command that cannot do what its flags ask for. */
const badUsage = 2;

/** `hitless cloud`: runs the local cloud until it is told to stop. */
export function cloudCommand(): Command {
  return new Command("cloud")
    .description("Run the local cloud: an AWS-compatible API with real load balancers and instances, on loopback only.")
    .option("--port <port>", "port of the API; 0 takes any free one", parsePort, 4566)
    .option("--speed <factor>", "how many times faster AWS's durations pass", parseSpeed, 1)
    .addOption(
      new Option(
        "--isolation <kind>",
        "how instances are kept apart; paper: they run nothing, the cloud answers for them",
      )
        .choices(["auto", "namespace", "loopback", "paper"])
        .default("auto"),
    )
    .option("--image <ami=command>", "run a command for instances of an AMI; may be repeated", parseImage, {})
    .option(
      "--certificate <arn=cert.pem,key.pem>",
      "serve this certificate on HTTPS listeners that name the ARN, instead of a made one; may be repeated",
      parseCertificate,
    )
    .option(
      "--consistency-delay <seconds>",
      "answer repeated describes as of that many AWS seconds ago, as an eventually consistent API does",
      parseDelay,
    )
    .option(
      "--kubeconfig <file>",
      "act in this Kubernetes cluster as the AWS Load Balancer Controller and a Gateway controller do",
    )
    .addOption(
      new Option("--log-level <level>", "how much is logged to standard error").choices(logLevels).default("info"),
    )
    .addOption(new Option("--parent-pid <pid>", "stop when this process is gone").argParser(parsePid).hideHelp())
    .action(async (flags: CloudFlags) => {
      process.exitCode = await runCloud(flags);
    });
}

async function runCloud(flags: CloudFlags): Promise<number> {
  outliveReaders();
  const log = createCloudLog(flags.logLevel);
  // Signals are listened to before anything starts: one that comes during the start must not leave processes behind.
  const stop = stopRequest("the local cloud", flags.parentPid);
  try {
    const cloud = await startCloud(flags, log);
    const failure = new Promise<Error>((resolve) => cloud.events.once("failed", resolve));
    if (!stop.asked) announce(cloud, flags);
    const broken = await Promise.race([stop.promise, failure]);
    if (broken) process.stderr.write(`The local cloud broke: ${broken.message}\n`);
    await cloud.close();
    return broken ? 1 : 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return error instanceof BadPort ? badUsage : 1;
  } finally {
    stop.forget();
    if (process.connected) process.disconnect();
  }
}

/** A port that cannot be had: the flags' fault. */
class BadPort extends Error {}

function portInUse(port: number): BadPort {
  const problem = "another program listens there.";
  const fix = "stop it, or give another port with --port.";
  return new BadPort(badInput([{ code: "HIT413", subject: `Port ${port} on 127.0.0.1`, problem, fix }]).message);
}

async function startCloud(flags: CloudFlags, log: Logger): Promise<LocalCloud> {
  const { LocalCloud } = await import("../rehearsal/cloud/cloud.js");
  const { port, speed, isolation, image, certificate, consistencyDelay, kubeconfig } = flags;
  try {
    return await LocalCloud.start({
      port,
      speed,
      log,
      isolation,
      imageCommands: image,
      ...(certificate && { certificates: certificate }),
      ...(consistencyDelay !== undefined && { consistencyDelaySeconds: consistencyDelay }),
      ...(kubeconfig !== undefined && { kubeconfig }),
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw portInUse(port);
    }
    if (code === "EACCES") {
      throw new BadPort(`Port ${port} needs more rights than this user has: give one from 1024 on with --port.`);
    }
    throw new Error(`The local cloud could not be started: ${message}`, { cause: error });
  }
}

/** Where what is written finds no room. */
const full = ["ENOSPC", "EDQUOT", "EFBIG"];

/**
 * A parent that dies takes its ends of the pipes along, and a log may fill its disk: neither may end the cloud. That log lines are
 * lost is said once on the other stream.
 */
function outliveReaders(): void {
  let told = false;
  for (const [stream, other] of [
    [process.stdout, process.stderr],
    [process.stderr, process.stdout],
  ] as const) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return;
      if (!full.includes(error.code ?? "")) throw error;
      if (told) return;
      told = true;
      other.write(
        `Output is lost from here on (${error.message}); the local cloud goes on. Make room to have it again.\n`,
      );
    });
  }
}

function announce(cloud: LocalCloud, { speed }: CloudFlags): void {
  const lines = [
    `Local cloud: ${cloud.url}${speed === 1 ? "" : ` (AWS's durations pass ${speed} times faster)`}`,
    "",
    "Point the AWS CLI, an SDK or a program at it (any credentials will do):",
    `  export AWS_ENDPOINT_URL=${cloud.url} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local`,
    "Point Pulumi's AWS provider at it:",
    ...["autoscaling", "cloudwatch", "ec2", "elbv2", "ssm", "sts"].map(
      (service) => `  pulumi config set --path 'aws:endpoints[0].${service}' ${cloud.url}`,
    ),
    "  pulumi config set aws:skipCredentialsValidation true; pulumi config set aws:skipRequestingAccountId true",
    "",
    "Ctrl-C stops it.",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  const ready: CloudReadyMessage = { type: "ready", url: cloud.url, port: cloud.port };
  process.send?.(ready);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a port from 0 to 65535.");
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (Number.isFinite(speed) && speed >= 0.1 && speed <= 1000) return speed;
  throw new InvalidArgumentError("Expected a number from 0.1 to 1000.");
}

function parseDelay(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds >= 0 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError("Expected seconds from 0 to 3600.");
}

function parsePid(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a process id.");
}

function parseImage(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const match = /^(ami-[\w-]+)=(.+)$/s.exec(text);
  if (!match?.[1] || !match[2]) throw new InvalidArgumentError("Expected ami-ID=COMMAND.");
  if (Object.hasOwn(before, match[1])) throw new InvalidArgumentError(`${match[1]} is given twice.`);
  return { ...before, [match[1]]: match[2] };
}

function parseCertificate(text: string, before: Certificates = {}): Certificates {
  const match = /^(arn:[^=,]+)=([^,]+),([^,]+)$/.exec(text);
  const [, arn, certFile, keyFile] = match ?? [];
  if (!arn || !certFile || !keyFile) throw new InvalidArgumentError("Expected ARN=CERTIFICATE_FILE,KEY_FILE.");
  if (Object.hasOwn(before, arn)) throw new InvalidArgumentError(`${arn} is given twice.`);
  try {
    return { ...before, [arn]: readCertificate(certFile, keyFile) };
  } catch (error) {
    throw new InvalidArgumentError(`The certificate cannot be used: ${(error as Error).message}.`);
  }
}
