import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

/** Reading nothing costs some microseconds; what has to happen right after an event must not wait longer. */
const EVERY_MS = 10;

/** Follows a file that another process writes; it need not exist yet. */
export class FileTail {
  readonly #decoder = new StringDecoder("utf8");
  readonly #buffer = Buffer.alloc(64 * 1024);
  readonly #timer: NodeJS.Timeout;
  #descriptor: number | undefined;

  constructor(
    readonly file: string,
    readonly onText: (text: string) => void,
  ) {
    this.#timer = setInterval(() => this.#readOn(), EVERY_MS);
  }

  /** Reads what is there and lets go of the file. */
  finish(): void {
    clearInterval(this.#timer);
    this.#readOn();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #readOn(): void {
    if (this.#descriptor === undefined) {
      if (!existsSync(this.file)) return;
      this.#descriptor = openSync(this.file, "r");
    }
    let read = readSync(this.#descriptor, this.#buffer, 0, this.#buffer.length, null);
    while (read > 0) {
      this.onText(this.#decoder.write(this.#buffer.subarray(0, read)));
      read = readSync(this.#descriptor, this.#buffer, 0, this.#buffer.length, null);
    }
  }
}
