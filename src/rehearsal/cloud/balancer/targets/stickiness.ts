import { createHash } from "node:crypto";

/**
 * What stands in a cookie for a group or a target. A digest of the name needs no table and survives a restart of the balancer; AWS
 * encrypts its cookies, so clients cannot rely on the content either way.
 */
export function tokenOf(name: string): string {
  return createHash("sha256").update(name).digest("base64url").slice(0, 22);
}

/** The value of one cookie in a Cookie header. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  for (let at = header.indexOf(name); at >= 0; at = header.indexOf(name, at + 1)) {
    if (header.charCodeAt(at + name.length) !== 0x3d /* = */) continue;
    const before = at === 0 ? ";" : header.charAt(at - 1);
    if (before !== ";" && before !== " ") continue;
    const from = at + name.length + 1;
    const end = header.indexOf(";", from);
    return (end < 0 ? header.slice(from) : header.slice(from, end)).trim();
  }
  return undefined;
}

/**
 * A cookie of the load balancer's own. It says what it stands for and when it was written, and is renewed with every response: "the
 * Application Load Balancer resets the expiry of the cookies it generates after every request" (ALB guide, sticky sessions).
 */
export class BalancerCookie {
  /**
   * @param name `AWSALB`, `AWSALBTG` or `AWSALBAPP-0`
   * @param durationMs real milliseconds for which it binds
   * @param keepMs real milliseconds after which the client forgets it
   * @param corsName name of the twin with `SameSite=None; Secure` that AWS sends along for cross-origin requests
   */
  constructor(
    readonly name: string,
    private readonly durationMs: number,
    private readonly keepMs: number,
    private readonly corsName?: string,
  ) {}

  /** The token of a cookie that is still in date. */
  read(header: string | undefined, now: number): string | undefined {
    const value = cookieValue(header, this.name) ?? (this.corsName ? cookieValue(header, this.corsName) : undefined);
    if (value === undefined) return undefined;
    const dot = value.indexOf(".");
    const writtenAt = Number.parseInt(value.slice(0, dot), 36);
    if (dot <= 0 || !(now - writtenAt <= this.durationMs)) return undefined;
    return value.slice(dot + 1);
  }

  /** Adds the Set-Cookie headers to a raw header list. */
  write(headers: string[], token: string, now: number): void {
    const value = `${now.toString(36)}.${token}`;
    const expires = new Date(now + this.keepMs).toUTCString();
    headers.push("Set-Cookie", `${this.name}=${value}; Expires=${expires}; Path=/`);
    if (this.corsName) {
      headers.push("Set-Cookie", `${this.corsName}=${value}; Expires=${expires}; Path=/; SameSite=None; Secure`);
    }
  }
}
