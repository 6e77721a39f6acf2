import { type Logger, levels, pino } from "pino";

/** A logger whose lines go through `send` instead of to a file. */
export function relayingLogger(level: string, send: (line: string) => void): Logger {
  return pino({ level, base: null }, { write: send });
}

/** Writes a relayed line to this process's logger, under the level it had. */
export function writeRelayed(log: Logger, line: string): void {
  const { level, time: _time, msg, ...fields } = JSON.parse(line) as { level: number; time: number; msg?: string };
  const name = levels.labels[level] ?? "info";
  log[name as "info"](fields, msg);
}
