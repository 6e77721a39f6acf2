/** What matters of an answer's head. */
export interface Head {
  readonly status: number;
  /** Whether the message itself tells where it ends (RFC 9112, section 6.3). */
  readonly isFramed: boolean;
  /** Whether the balancer itself answers, no server (ALB guide, troubleshooting: errors that the load balancer generates). */
  readonly isBalancers: boolean;
  readonly version: string | undefined;
  readonly setCookie: readonly string[];
}

const BALANCER = /^awselb\//;

/**
 * Reads a head as it came: names and values in turn.
 *
 * @param versionHeader in small letters
 */
export function readHead(
  status: number,
  method: string,
  raw: readonly Buffer[],
  versionHeader: string | undefined,
): Head {
  let isFramed = method === "HEAD" || status === 204 || status === 304;
  let isBalancers = false;
  let version: string | undefined;
  const setCookie: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name, value] = [raw[index] as Buffer, raw[index + 1] as Buffer];
    switch (name.length) {
      case 6:
        if (is(name, "server")) isBalancers = BALANCER.test(text(value));
        break;
      case 10:
        if (is(name, "set-cookie")) setCookie.push(text(value));
        break;
      case 14:
        isFramed ||= is(name, "content-length");
        break;
      case 17:
        isFramed ||= is(name, "transfer-encoding");
        break;
    }
    if (name.length === versionHeader?.length && is(name, versionHeader)) {
      version = version === undefined ? text(value) : `${version}, ${text(value)}`;
    }
  }
  return { status, isFramed, isBalancers, version, setCookie };
}

function is(name: Buffer, wanted: string): boolean {
  return text(name).toLowerCase() === wanted;
}

function text(bytes: Buffer): string {
  return bytes.toString("latin1");
}
