import { StringDecoder } from "node:string_decoder";

/** How much console output is kept of an instance, as `GetConsoleOutput` does (EC2 API: the most recent 64 KB). */
export const consoleBytes = 64 * 1024;

/** The newest bytes of an instance's console. */
export class ConsoleRing {
  private chunks: Buffer[] = [];
  private size = 0;

  constructor(private readonly limit: number = consoleBytes) {}

  /** Adds what a process wrote. */
  write(chunk: Buffer): void {
    const kept = chunk.length > this.limit ? chunk.subarray(chunk.length - this.limit) : chunk;
    this.chunks.push(kept);
    this.size += kept.length;
    while (this.size > this.limit) {
      const oldest = this.chunks[0] as Buffer;
      const surplus = this.size - this.limit;
      if (oldest.length <= surplus) this.chunks.shift();
      else this.chunks[0] = oldest.subarray(surplus);
      this.size -= Math.min(oldest.length, surplus);
    }
    // Many small writes would otherwise be kept as many small buffers.
    if (this.chunks.length > 1024) this.chunks = [Buffer.concat(this.chunks)];
  }

  /** Adds a line of the local cloud's own, on a line by itself. */
  note(text: string): void {
    const last = this.chunks.at(-1);
    const lineEnd = last === undefined || last.at(-1) === 0x0a ? "" : "\n";
    this.write(Buffer.from(`${lineEnd}[hitless] ${text}\n`));
  }

  /** Everything kept; a character cut in half at the old end is dropped. */
  text(): string {
    let bytes: Buffer = Buffer.concat(this.chunks);
    while (bytes.length > 0 && ((bytes[0] as number) & 0xc0) === 0x80) bytes = bytes.subarray(1);
    return new StringDecoder("utf8").end(bytes);
  }

  /** The last lines, for an error message. */
  tail(lines: number): string {
    return this.text().trimEnd().split("\n").slice(-lines).join("\n");
  }
}
