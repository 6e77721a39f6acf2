/**
 * Who is connected. As a plugin the provider serves one engine; attached (PULUMI_DEBUG_PROVIDERS) one server serves several engines and
 * several provider resources of each at once, and each of those has a connection, and so a peer address, of its own.
 */
import { explain } from "./awsErrors.js";
import { type ProviderConfig, resolveConfig } from "./config/config.js";
import { Engine } from "./protocol/engine.js";
import type { Values } from "./protocol/values.js";
import { Provider } from "./provider.js";

interface Session {
  provider?: Provider;
  engine?: Engine;
  cancellation: AbortController;
}

export class Sessions {
  private readonly byPeer = new Map<string, Session>();
  private readonly makeProvider: (config: ProviderConfig) => Provider;

  /**
   * @param environment where region, endpoints and credentials come from if the configuration is silent
   * @param speed how many AWS seconds pass in one real second
   * @param engineAddress the engine that started this process, if one did
   */
  constructor(
    private readonly environment: NodeJS.ProcessEnv,
    speed: number,
    private readonly engineAddress?: string,
    makeProvider: (config: ProviderConfig) => Provider = (config) => new Provider(config, speed),
  ) {
    this.makeProvider = makeProvider;
  }

  attach(peer: string, engineAddress: string): void {
    const session = this.session(peer);
    session.engine?.close();
    session.engine = new Engine(engineAddress);
    session.engine.onGone(() => this.forget(peer));
  }

  /** Takes the configuration and proves that AWS answers, so that an unreachable cloud is one clear error instead of many. */
  async configure(peer: string, inputs: Values): Promise<void> {
    const config = resolveConfig(inputs, this.environment);
    const provider = this.makeProvider(config);
    const { allowedAccountIds, forbiddenAccountIds } = config;
    if (!config.skipCredentialsValidation || allowedAccountIds.length > 0 || forbiddenAccountIds.length > 0) {
      let account: string;
      try {
        account = await provider.account();
      } catch (cause) {
        throw new Error(`the AWS provider cannot use its credentials: ${explain(cause)}`, { cause });
      }
      if (forbiddenAccountIds.includes(account) || (allowedAccountIds[0] && !allowedAccountIds.includes(account))) {
        throw new Error(
          `AWS account ${account} is not allowed by the provider's allowedAccountIds or forbiddenAccountIds`,
        );
      }
    }
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

  log(peer: string, progress: string, urn: string): void {
    this.session(peer).engine?.log(progress, urn, true);
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

  private session(peer: string): Session {
    let session = this.byPeer.get(peer);
    if (!session) {
      session = { cancellation: new AbortController() };
      if (this.engineAddress) session.engine = new Engine(this.engineAddress);
      this.byPeer.set(peer, session);
    }
    return session;
  }
}
