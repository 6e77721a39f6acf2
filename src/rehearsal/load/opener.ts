import { X509Certificate } from "node:crypto";
import net, { type Socket } from "node:net";
import tls, { type TLSSocket } from "node:tls";

/** Opens a connection; `done` is called once, with a socket that requests can be sent on or with why there is none. */
export type Open = (done: (...end: [null, Socket] | [Error, null]) => void) => Socket;

/**
 * How connections to a URL are opened.
 *
 * @param servername the name to ask for in TLS; an address needs none (RFC 6066, section 3, has no place for addresses)
 * @param bundle certificates (PEM) that are trusted; without one the system's authorities are, as everywhere
 */
export function opener(url: URL, servername: string, bundle: string | undefined): Open {
  const secure = url.protocol === "https:";
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = Number(url.port || (secure ? 443 : 80));
  const to = { host, port, noDelay: true, keepAlive: true, highWaterMark: 64 * 1024 };
  if (!secure) return (done) => whenReady(net.connect(to), "connect", done);
  const name = net.isIP(servername) === 0 ? servername : "";
  if (bundle !== undefined) return trusting(bundle, { ...to, servername: name });
  return (done) => whenReady(tls.connect({ ...to, servername: name }), "secureConnect", done);
}

/** Takes servers with a certificate of the bundle, or with one for their name that was signed by a certificate of it. */
function trusting(bundle: string, to: tls.ConnectionOptions): Open {
  // The check below decides: a certificate that was given for a name of the user's is served at a loopback address. It needs to
  // see the certificate, which a resumed session would not show: none is resumed.
  const options = { ...to, rejectUnauthorized: false, secureContext: tls.createSecureContext({ ca: bundle }) };
  const pinned = new Set(certificatesIn(bundle).map((pem) => new X509Certificate(pem).fingerprint256));
  return (done) => {
    const secured: TLSSocket = tls.connect(options);
    return whenReady(secured, "secureConnect", (...end) => {
      if (end[0] !== null) return done(...end);
      if (secured.authorized || pinned.has(secured.getPeerX509Certificate()?.fingerprint256 ?? "")) return done(...end);
      const reason = secured.authorizationError?.message ?? String(secured.authorizationError);
      const problem = `the certificate is none of the local cloud's (${reason})`;
      secured.destroy();
      done(Object.assign(new Error(problem), { code: "ERR_TLS_CERT_NOT_TRUSTED" }), null);
    });
  };
}

function whenReady(socket: Socket, event: "connect" | "secureConnect", done: Parameters<Open>[0]): Socket {
  const onError = (error: Error): void => done(error, null);
  socket.once("error", onError);
  socket.once(event, () => {
    socket.off("error", onError);
    done(null, socket);
  });
  return socket;
}

function certificatesIn(bundle: string): string[] {
  return bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}
