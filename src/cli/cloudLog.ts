import pino, { type Logger } from "pino";

/** The levels that `--log-level` takes, from the most talkative to none. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "silent"] as const;

export type LogLevel = (typeof logLevels)[number];

/** Logs to standard error: short lines where a person reads, JSON lines where a program does. */
export function createCloudLog(level: LogLevel, stream: NodeJS.WriteStream = process.stderr): Logger {
  const write = stream.isTTY
    ? (line: string) => void stream.write(`${readable(line)}\n`)
    : (line: string) => void stream.write(line);
  return pino({ level, base: undefined }, { write });
}

/** One JSON line of pino's as `12:00:01 warn  message key=value`. */
export function readable(line: string): string {
  const { level, time, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const at = new Date(Number(time)).toISOString().slice(11, 19);
  const label = (pino.levels.labels[Number(level)] ?? String(level)).padEnd(5);
  const error = err === undefined ? {} : { error: (err as { message?: string }).message ?? err };
  const details = Object.entries({ ...rest, ...error }).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [at, label, msg, ...details].filter((part) => part !== undefined && part !== "").join(" ");
}
