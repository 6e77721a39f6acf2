import type { ElbStatus } from "./client/errorResponses.js";
import type { BalancerCounts } from "./dataPlane.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Tally = Mutable<Omit<BalancerCounts, "loadBalancerArn" | "targetGroupArn" | "at" | "activeConnections">> & {
  targetResponseSeconds: number[];
};

/** Collects what happened since the last report, for one balancer or for one of its target groups. */
export class Counts {
  #tally = emptyTally();
  #touched = false;

  request(): void {
    this.#tally.requests++;
    this.#touched = true;
  }

  /** The target's response began; `seconds` from the request's leaving the balancer. */
  targetAnswered(status: number, seconds: number): void {
    const statuses = this.#tally.targetStatus;
    if (status < 300) statuses["2xx"]++;
    else if (status < 400) statuses["3xx"]++;
    else if (status < 500) statuses["4xx"]++;
    else statuses["5xx"]++;
    this.#tally.targetResponseSeconds.push(seconds);
    this.#touched = true;
  }

  /** The balancer answered of its own accord. */
  balancerAnswered(status: ElbStatus): void {
    const statuses = this.#tally.elbStatus;
    if (status < 500) statuses["4xx"]++;
    else if (status === 500 || status === 502 || status === 503 || status === 504) statuses[`${status}`]++;
    this.#touched = true;
  }

  targetConnectionError(): void {
    this.#tally.targetConnectionErrors++;
    this.#touched = true;
  }

  connection(): void {
    this.#tally.newConnections++;
    this.#touched = true;
  }

  bytes(count: number): void {
    this.#tally.processedBytes += count;
    this.#touched = true;
  }

  /** Hands over what was collected and starts anew; undefined when nothing happened. */
  take(): Tally | undefined {
    if (!this.#touched) return undefined;
    const taken = this.#tally;
    this.#tally = emptyTally();
    this.#touched = false;
    return taken;
  }
}

function emptyTally(): Tally {
  return {
    requests: 0,
    targetStatus: { "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0 },
    elbStatus: { "4xx": 0, "500": 0, "502": 0, "503": 0, "504": 0 },
    targetConnectionErrors: 0,
    newConnections: 0,
    processedBytes: 0,
    targetResponseSeconds: [],
  };
}
