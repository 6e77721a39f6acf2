import { parseCookie } from "undici";

interface Kept {
  readonly value: string;
  /** Wall clock milliseconds; Infinity for a session cookie. */
  readonly until: number;
}

/**
 * One user's cookies. All requests go to one host, so names are enough to tell cookies apart; `Max-Age` wins over `Expires`
 * (RFC 6265, section 5.3).
 */
export class CookieJar {
  readonly #cookies = new Map<string, Kept>();

  /** Keeps what a response sets, as its `Set-Cookie` headers say. */
  keep(setCookie: readonly string[], now: number): void {
    for (const line of setCookie) {
      const cookie = parseCookie(line);
      // A line without a name is no cookie: user agents ignore it (RFC 6265, section 5.2).
      if (cookie === null || cookie.name === "") continue;
      const { name, value, maxAge, expires } = cookie;
      const until =
        maxAge !== undefined
          ? now + maxAge * 1000
          : expires !== undefined
            ? new Date(expires).getTime()
            : Number.POSITIVE_INFINITY;
      if (until <= now) this.#cookies.delete(name);
      else this.#cookies.set(name, { value, until });
    }
  }

  /** The `Cookie` header for the next request; undefined without a cookie. */
  header(now: number): string | undefined {
    const pairs: string[] = [];
    for (const [name, { value, until }] of this.#cookies) {
      if (until <= now) this.#cookies.delete(name);
      else pairs.push(`${name}=${value}`);
    }
    return pairs.length === 0 ? undefined : pairs.join("; ");
  }
}
