/**
 * A provider as a plugin: the engine starts it with its own address as an argument and reads the port from the first line of its
 * output. It ends with the engine, however that ends.
 */
import { Engine } from "./engine.js";

/**
 * How long the engine may take to stop a plugin after closing its own server, in milliseconds. A plugin that ends before it is told to
 * is reported as crashed; the engine itself waits five seconds before it kills one.
 */
const FAREWELL_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** @param start starts the provider's server */
export function runAsPlugin(start: (options: { engineAddress?: string }) => Promise<{ readonly port: number }>): void {
  run(start).catch((error: unknown) => {
    process.stderr.write(`the rehearsal provider cannot start: ${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  });
}

async function run(start: Parameters<typeof runAsPlugin>[0]): Promise<void> {
  const engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
  const parent = process.ppid;
  const server = await start(engineAddress ? { engineAddress } : {});
  const end = (): never => process.exit(0);
  // The engine keeps plugins in process groups of their own: SIGINT is its word for "stop", not the user's Ctrl-C.
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  if (engineAddress) {
    new Engine(engineAddress).onGone(() => {
      setTimeout(end, FAREWELL_MS);
      setInterval(() => process.ppid === parent || end(), LOOK_EVERY_MS);
    });
  }
  process.stdout.write(`${server.port}\n`);
}
