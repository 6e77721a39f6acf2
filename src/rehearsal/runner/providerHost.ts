import type { ProviderServer } from "../provider/server.js";
import { attachedProviders } from "./attachedProviders.js";

/** Servers by the name of the package that they serve. */
type Servers = Readonly<Record<string, ProviderServer>>;

/**
 * The rehearsal's providers, to which the engine attaches. They live in our process: a plugin would be started anew for every
 * call of the engine. When the engine is killed, they are made anew, because plugins would have died with it.
 */
export class ProviderHost {
  #servers: Servers;

  private constructor(
    servers: Servers,
    readonly start: () => Promise<Servers>,
  ) {
    this.#servers = servers;
  }

  /** @param environment what the providers may see: the program's environment, never the user's own credentials */
  static async start(environment: NodeJS.ProcessEnv): Promise<ProviderHost> {
    const { startProviderServer } = await import("../provider/server.js");
    const { startKubernetesProvider } = await import("../provider/kubernetes/server.js");
    const start = async (): Promise<Servers> => ({
      aws: await startProviderServer({ environment }),
      kubernetes: await startKubernetesProvider({ environment }),
    });
    return new ProviderHost(await start(), start);
  }

  /** Variables by which the engine finds them. */
  environment(): Record<string, string> {
    return attachedProviders(Object.fromEntries(Object.entries(this.#servers).map(([name, { port }]) => [name, port])));
  }

  async restart(): Promise<void> {
    await this.close();
    this.#servers = await this.start();
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#servers).map((server) => server.close()));
  }
}
