/** A header that an answer must have. */
export interface VerifyHeaderArgs {
  /** The header's name; upper and lower case are the same. */
  readonly name: string;
  /** The value that it must have, exactly. */
  readonly value: string;
}

/**
 * An HTTP check of a release through its preview route, before it gets users. It passes when `inARow` requests in a row are
 * answered as it says; else it is tried again until its deadline. A change shows nothing until the next switch.
 */
export interface VerifyArgs {
  /** The path to ask for, with its leading slash and, if need be, a query, such as `/health?deep=1`. */
  readonly path: string;
  /**
   * The status that the answer must have, 100 to 599. Redirects are not followed.
   * @default 200
   */
  readonly status?: number;
  /**
   * A text that the body must contain.
   * @default any body
   */
  readonly bodyContains?: string;
  /**
   * Headers that the answer must have.
   * @default none
   */
  readonly headers?: VerifyHeaderArgs[];
  /**
   * Headers to send, on top of those that lead through the preview route.
   * @default none
   */
  readonly requestHeaders?: VerifyHeaderArgs[];
  /**
   * Milliseconds within which the whole answer must be there, at least 1.
   * @default 10000
   */
  readonly latencyMs?: number;
  /**
   * How many requests in a row must pass, 1 to 1000; the load balancer spreads them over the servers.
   * @default 3
   */
  readonly inARow?: number;
  /**
   * Seconds until the check is given up and the switch refused, 1 to 86400.
   * @default 60
   */
  readonly deadlineSeconds?: number;
}

/** What a `verifyWith` function gets: where the release is that is about to get users. */
export interface VerifySubject {
  /** The address of the preview route, such as `http://shop-123.eu-west-1.elb.amazonaws.com`. */
  readonly url: string;
  /** Headers without which a request does not take the preview route; send them with every one. */
  readonly headers: Readonly<Record<string, string>>;
  /** The release that is about to get users. */
  readonly version: string;
  /** Where it stands: `blue` or `green`. */
  readonly environment: string;
  /** Aborted when the function's time is over: hand it to `fetch`. */
  readonly signal: AbortSignal;
}

/** A check of the program's own: it throws (or rejects) to refuse the switch. */
export type VerifyFunction = (subject: VerifySubject) => void | Promise<void>;
