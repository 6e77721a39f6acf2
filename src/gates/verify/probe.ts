import type { VerifyCheck } from "./checkVerify.js";

/** Where requests go and what takes them through the preview route. */
export interface ProbeTarget {
  /** Scheme, host and, if need be, port; no path. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The name that the certificate is for, where it is not that of the address. */
  readonly serverName?: string;
}

/** What a request was answered with, or why it was not. */
export type Observation =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly milliseconds: number;
    }
  | { readonly failure: string };

/** Sends one request; tests bring their own. */
export type Probe = (target: ProbeTarget, check: VerifyCheck) => Promise<Observation>;

/** Far more than a check needs to look at. */
const LARGEST_BODY = 1 << 20;

/** One request with undici, which is loaded when the first check runs: importing Hitless stays cheap. */
export const httpProbe: Probe = async (target, check) => {
  const { Agent, request } = await import("undici");
  const dispatcher = new Agent(target.serverName !== undefined ? { connect: { servername: target.serverName } } : {});
  const begin = performance.now();
  try {
    const response = await request(`${target.url}${check.path}`, {
      dispatcher,
      headers: {
        ...Object.fromEntries(check.requestHeaders.map(({ name, value }) => [name, value])),
        ...target.headers,
      },
      signal: AbortSignal.timeout(check.latencyMs),
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += (chunk as Buffer).length;
      if (size <= LARGEST_BODY) chunks.push(chunk as Buffer);
    }
    return {
      status: response.statusCode,
      headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
      body: Buffer.concat(chunks).toString("utf8"),
      milliseconds: performance.now() - begin,
    };
  } catch (error) {
    return { failure: reasonOf(error, check) };
  } finally {
    await dispatcher.destroy();
  }
};

function reasonOf(error: unknown, check: VerifyCheck): string {
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
  if (name === "TimeoutError") return `no complete answer within ${check.latencyMs} ms`;
  return `no answer: ${typeof code === "string" ? `${code}: ` : ""}${String(message ?? error)}`;
}
