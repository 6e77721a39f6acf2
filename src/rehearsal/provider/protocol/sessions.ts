/**
 * Who is connected. As a plugin a provider serves one engine; attached (PULUMI_DEBUG_PROVIDERS) one server serves several engines and
 * several provider resources of each at once, and each of those has a connection, and so a peer address, of its own.
 */
import { Engine, type Importance } from "./engine.js";
import type { Values } from "./values.js";

interface Session<Provider> {
  provider?: Provider;
  engine?: Engine;
  cancellation: AbortController;
}

export class Sessions<Provider extends { readonly config: unknown }> {
  private readonly byPeer = new Map<string, Session<Provider>>();

  /**
   * @param connect makes a provider of a configuration; what it throws is shown to the user
   * @param engineAddress the engine that started this process, if one did
   */
  constructor(
    private readonly connect: (inputs: Values) => Promise<Provider>,
    private readonly engineAddress?: string,
  ) {}

  attach(peer: string, engineAddress: string): void {
    const session = this.session(peer);
    session.engine?.close();
    session.engine = new Engine(engineAddress);
    session.engine.onGone(() => this.forget(peer));
  }

  async configure(peer: string, inputs: Values): Promise<void> {
    const provider = await this.connect(inputs);
    this.session(peer).provider = provider;
  }

  provider(peer: string): Provider {
    const own = this.byPeer.get(peer)?.provider;
    if (own) return own;
    // gRPC may have reconnected from another port: then the only configuration there is must be meant.
    const configured = [...this.byPeer.values()].flatMap(({ provider }) => provider ?? []);
    const different = new Set(configured.map(({ config }) => JSON.stringify(config)));
    const [first] = configured;
    if (first && different.size === 1) return first;
    throw new Error("the provider was not configured on this connection: run the update again");
  }

  /** Aborted when the engine behind this peer cancels. */
  cancelled(peer: string): AbortSignal {
    return this.session(peer).cancellation.signal;
  }

  cancel(peer: string): void {
    const session = this.session(peer);
    session.cancellation.abort(new Error("the update was cancelled"));
    session.cancellation = new AbortController();
  }

  /** Shows progress beside a resource. */
  log(peer: string, progress: string, urn: string): void {
    this.session(peer).engine?.log(progress, urn, true);
  }

  /** Says something that stays on the screen. */
  say(peer: string, importance: Importance, message: string, urn: string): void {
    this.session(peer).engine?.log(message, urn, false, importance);
  }

  close(): void {
    for (const peer of [...this.byPeer.keys()]) this.forget(peer);
  }

  private forget(peer: string): void {
    const session = this.byPeer.get(peer);
    session?.cancellation.abort(new Error("the engine is gone"));
    session?.engine?.close();
    this.byPeer.delete(peer);
  }

  private session(peer: string): Session<Provider> {
    let session = this.byPeer.get(peer);
    if (!session) {
      session = { cancellation: new AbortController() };
      if (this.engineAddress) session.engine = new Engine(this.engineAddress);
      this.byPeer.set(peer, session);
    }
    return session;
  }
}
