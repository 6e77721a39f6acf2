import type { Duplex } from "node:stream";
import { Clock } from "../../clock.js";
import { readLines } from "../lines.js";
import { ProcessResults } from "../processResults.js";

/** Real seconds that an instance's first process may take to set itself up. */
const bootDeadlineSeconds = 30;

/** The host's end of the conversation with `initScript`. */
export class BootChannel {
  /** The first process's number, as this process knows it. */
  readonly pid: Promise<number>;
  /** Resolves when user data and image command are being started. */
  readonly up: Promise<void>;
  /** How user data and image command ended, once they have. */
  readonly results = new ProcessResults();
  /** At what the first process itself gave up, if it did. */
  failedStep?: string;

  constructor(private readonly stream: Duplex) {
    const pid = deferred<number>();
    const up = deferred<void>();
    this.pid = pid.promise;
    this.up = up.promise;
    const fail = (why: string): void => {
      pid.reject(new Error(why));
      up.reject(new Error(why));
    };
    const cancel = new Clock().after(bootDeadlineSeconds, () => fail(`it was not up after ${bootDeadlineSeconds} s`));
    readLines(
      stream,
      (line) => {
        const [word = "", ...rest] = line.split(" ");
        if (word === "pid") pid.resolve(Number(rest[0]));
        else if (word === "up") up.resolve();
        else if (word === "failed") {
          this.failedStep = rest.join(" ");
          fail(`it failed at ${this.failedStep}`);
        } else this.results.read(line);
      },
      () => fail("its first process ended while it was being set up"),
    );
    this.up.then(cancel, cancel);
    // Whoever launches awaits the two in turn; until then a failure must not count as unhandled.
    this.pid.catch(() => undefined);
  }

  /** Tells the first process that its network interface is there. */
  proceed(): void {
    this.stream.write("go\n");
  }
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: Error) => void;
}

function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
