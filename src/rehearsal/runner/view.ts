/** Where a rehearsal shows what it does. */
export interface View {
  /** One thing that happened; may have several lines. */
  line(text: string): void;
  /** How things stand now; the newest replaces the one before. */
  status(lines: readonly string[]): void;
  /** No more status. */
  end(): void;
}

const ESCAPE = "\u001b[";
/** Without a terminal the status is told now and then, as one line. */
const PLAIN_EVERY_MS = 10_000;

/** A block at the bottom of a terminal that is redrawn in place, with the lines above it. */
export class TerminalView implements View {
  #drawn = 0;
  #lines: readonly string[] = [];

  constructor(readonly out: NodeJS.WriteStream) {}

  line(text: string): void {
    this.#erase();
    this.out.write(`${text}\n`);
    this.#draw();
  }

  status(lines: readonly string[]): void {
    this.#erase();
    this.#lines = lines;
    this.#draw();
  }

  end(): void {
    this.#erase();
    this.#lines = [];
  }

  #erase(): void {
    if (this.#drawn > 0) this.out.write(`${ESCAPE}${this.#drawn}A\r${ESCAPE}J`);
    this.#drawn = 0;
  }

  #draw(): void {
    // A line that wraps would be two: cut it to the terminal's width.
    const width = Math.max(20, (this.out.columns || 80) - 1);
    for (const line of this.#lines) this.out.write(`${line.slice(0, width)}\n`);
    this.#drawn = this.#lines.length;
  }
}

/** Plain lines, for logs and pipelines. */
export class PlainView implements View {
  #told = Date.now();

  constructor(readonly out: NodeJS.WritableStream) {}

  line(text: string): void {
    this.out.write(`${text}\n`);
  }

  status(lines: readonly string[]): void {
    if (Date.now() - this.#told < PLAIN_EVERY_MS) return;
    this.#told = Date.now();
    this.out.write(`  … ${lines.map((line) => line.trim().replace(/\s+/g, " ")).join("; ")}\n`);
  }

  end(): void {}
}
