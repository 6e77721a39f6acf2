import { Readable } from "node:stream";

const PIECE_MS = 100;

/** A slow client's body, in pieces, ten a second from the moment that it begins to be read. */
export class SlowUpload extends Readable {
  readonly #body: Buffer;
  readonly #size: number;
  #offset = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(body: Buffer, seconds: number) {
    super();
    this.#body = body;
    this.#size = Math.ceil(body.length / Math.max(1, Math.ceil((seconds * 1000) / PIECE_MS)));
  }

  override _read(): void {
    this.#timer ??= setInterval(() => {
      this.push(this.#body.subarray(this.#offset, this.#offset + this.#size));
      this.#offset += this.#size;
      if (this.#offset < this.#body.length) return;
      clearInterval(this.#timer);
      this.push(null);
    }, PIECE_MS);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.#timer);
    done(error);
  }
}
