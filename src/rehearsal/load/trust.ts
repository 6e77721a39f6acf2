import { X509Certificate } from "node:crypto";
import https from "node:https";
import { createSecureContext, type TLSSocket } from "node:tls";

type ConnectionOptions = Parameters<https.Agent["createConnection"]>[0];
type OnConnection = Parameters<https.Agent["createConnection"]>[1];

/** An agent that speaks to servers with a certificate of a bundle, or with one for their name that was signed by a certificate of it. */
class TrustingAgent extends https.Agent {
  readonly #pinned: ReadonlySet<string>;

  constructor(options: https.AgentOptions, bundle: string) {
    // The check below decides: a certificate that was given for a name of the user's is served at a loopback address. It needs to
    // see the certificate, which a resumed session does not show.
    const secureContext = createSecureContext({ ca: bundle });
    super({ ...options, rejectUnauthorized: false, maxCachedSessions: 0, secureContext });
    this.#pinned = new Set(certificatesIn(bundle).map((pem) => new X509Certificate(pem).fingerprint256));
  }

  override createConnection(
    options: ConnectionOptions,
    done?: OnConnection,
  ): ReturnType<https.Agent["createConnection"]> {
    const socket = super.createConnection(options, done);
    if (socket) {
      const secured = socket as TLSSocket;
      secured.once("secureConnect", () => {
        if (secured.authorized || this.#pinned.has(secured.getPeerX509Certificate()?.fingerprint256 ?? "")) return;
        const reason = secured.authorizationError?.message ?? String(secured.authorizationError);
        const problem = `the certificate is none of the local cloud's (${reason})`;
        secured.destroy(Object.assign(new Error(problem), { code: "ERR_TLS_CERT_NOT_TRUSTED" }));
      });
    }
    return socket;
  }
}

/** An agent for HTTPS; without a bundle the system's authorities are trusted, as everywhere. */
export function httpsAgent(options: https.AgentOptions, bundle: string | undefined): https.Agent {
  return bundle === undefined ? new https.Agent(options) : new TrustingAgent(options, bundle);
}

function certificatesIn(bundle: string): string[] {
  return bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}
