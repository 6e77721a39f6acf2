import type { ProviderServer } from "../provider/server.js";

/**
 * The rehearsal's AWS provider, to which the engine attaches. It lives in our process: a plugin would be started anew for every
 * call of the engine. When the engine is killed, the provider is made anew, because a plugin would have died with it.
 */
export class ProviderHost {
  #server: ProviderServer;

  private constructor(
    server: ProviderServer,
    readonly start: () => Promise<ProviderServer>,
  ) {
    this.#server = server;
  }

  /** @param environment what the provider may see: the program's environment, never the user's own credentials */
  static async start(environment: NodeJS.ProcessEnv): Promise<ProviderHost> {
    const { startProviderServer } = await import("../provider/server.js");
    const start = (): Promise<ProviderServer> => startProviderServer({ environment });
    return new ProviderHost(await start(), start);
  }

  /** Variables by which the engine finds it. */
  environment(): Record<string, string> {
    return { PULUMI_DEBUG_PROVIDERS: `aws:${this.#server.port}` };
  }

  async restart(): Promise<void> {
    await this.#server.close();
    this.#server = await this.start();
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
