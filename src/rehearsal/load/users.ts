import { CookieJar } from "./cookieJar.js";

/** One request of a user, from its sending to its end. */
export interface Visit {
  /** The user's `Cookie` header. */
  readonly cookies: string | undefined;
  /**
   * Tells the end.
   * @param version absent when no answer came, or none that named a version
   * @returns how often the user now saw another version than the one before
   */
  end(version: string, setCookie: readonly string[], now: number): number;
}

/** A fixed number of users who take turns, each with cookies of its own. */
export class Users {
  readonly #users: readonly User[];
  #next = 0;

  /** @param count at least 1 */
  constructor(count: number) {
    this.#users = Array.from({ length: count }, () => new User());
  }

  /** The next request of whoever's turn it is: one who waits for an answer is passed over, as far as there are others. */
  visit(now: number): Visit {
    const from = this.#next;
    const count = this.#users.length;
    let index = from;
    for (let tried = 0; tried < count; tried++) {
      index = (from + tried) % count;
      if (!this.#users[index]?.isWaiting) break;
      index = from;
    }
    this.#next = (index + 1) % count;
    return (this.#users[index] as User).visit(now);
  }
}

const STRANGER: Visit = { cookies: undefined, end: () => 0 };

interface Pending {
  version?: string;
}

class User {
  readonly #jar = new CookieJar();
  /** In the order of sending: a slow answer that was sent for before a newer one is no step back. */
  readonly #pending: Pending[] = [];
  #seen = "";

  get isWaiting(): boolean {
    return this.#pending.length > 0;
  }

  visit(now: number): Visit {
    // Nobody sends a second request before the first answer, which may bind to a version. The load must not wait: a stranger sends it.
    if (this.#seen === "" && this.isWaiting) return STRANGER;
    const pending: Pending = {};
    this.#pending.push(pending);
    return {
      cookies: this.#jar.header(now),
      end: (version, setCookie, at) => {
        this.#jar.keep(setCookie, at);
        pending.version = version;
        return this.#look();
      },
    };
  }

  #look(): number {
    let changes = 0;
    while (this.#pending[0]?.version !== undefined) {
      const { version = "" } = this.#pending.shift() ?? {};
      if (version === "") continue;
      if (this.#seen !== "" && version !== this.#seen) changes++;
      this.#seen = version;
    }
    return changes;
  }
}
