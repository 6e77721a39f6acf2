import type { Clock } from "../../clock.js";
import { numberAttribute } from "../balancerContext.js";
import { BalancerCookie, cookieValue } from "./stickiness.js";
import type { Target } from "./target.js";

const DAY_SECONDS = 86_400;

/** Binds a client to a target. */
export interface TargetStickiness {
  /** The application's own cookie decides, not the balancer's alone. */
  readonly byApplication: boolean;
  /** The token of the target that the request is bound to. */
  boundTo(cookies: string | undefined, now: number): string | undefined;
  /** Adds the cookies that bind the client to `target` to a response's raw headers. */
  bind(headers: string[], target: Target, wasBound: boolean, now: number): void;
}

/** Stickiness by a group's attributes; undefined when it is off. */
export function createStickiness(
  attributes: Readonly<Record<string, string>>,
  clock: Clock,
): TargetStickiness | undefined {
  if (attributes["stickiness.enabled"] !== "true") return undefined;
  if (attributes["stickiness.type"] === "app_cookie") {
    const name = attributes["stickiness.app_cookie.cookie_name"];
    if (!name)
      throw new Error("A target group's stickiness is app_cookie, but stickiness.app_cookie.cookie_name is empty.");
    const seconds = numberAttribute(attributes, "stickiness.app_cookie.duration_seconds", DAY_SECONDS);
    return new AppCookieStickiness(name, clock.toRealMs(seconds), clock.toRealMs(7 * DAY_SECONDS));
  }
  const seconds = numberAttribute(attributes, "stickiness.lb_cookie.duration_seconds", DAY_SECONDS);
  return new BalancerCookieStickiness(clock.toRealMs(seconds));
}

/** `lb_cookie`: a cookie of the balancer's own with every response. */
class BalancerCookieStickiness implements TargetStickiness {
  readonly byApplication = false;
  readonly #cookie: BalancerCookie;

  constructor(durationMs: number) {
    this.#cookie = new BalancerCookie("AWSALB", durationMs, durationMs, "AWSALBCORS");
  }

  boundTo(cookies: string | undefined, now: number): string | undefined {
    return this.#cookie.read(cookies, now);
  }

  bind(headers: string[], target: Target, _wasBound: boolean, now: number): void {
    this.#cookie.write(headers, target.token, now);
  }
}

/**
 * `app_cookie`: binds when the target sets the application's cookie; "clients have to send back both cookies to maintain stickiness",
 * and AWSALBAPP keeps for 7 days whatever the duration (ALB guide, sticky sessions).
 */
class AppCookieStickiness implements TargetStickiness {
  readonly byApplication = true;
  readonly #cookie: BalancerCookie;

  constructor(
    private readonly appCookie: string,
    durationMs: number,
    keepMs: number,
  ) {
    this.#cookie = new BalancerCookie("AWSALBAPP-0", durationMs, keepMs);
  }

  boundTo(cookies: string | undefined, now: number): string | undefined {
    if (cookieValue(cookies, this.appCookie) === undefined) return undefined;
    return this.#cookie.read(cookies, now);
  }

  bind(headers: string[], target: Target, wasBound: boolean, now: number): void {
    if (wasBound || this.#setsAppCookie(headers)) this.#cookie.write(headers, target.token, now);
  }

  #setsAppCookie(headers: readonly string[]): boolean {
    for (let at = 0; at < headers.length; at += 2) {
      if (headers[at]?.toLowerCase() === "set-cookie" && headers[at + 1]?.startsWith(`${this.appCookie}=`)) return true;
    }
    return false;
  }
}
