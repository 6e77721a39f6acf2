/** The head of a target's response. */
export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  /** Name, value, name, value …; without the headers that concern one connection only. */
  readonly headers: string[];
  /** False when the target closes the connection after this response. */
  readonly keepAlive: boolean;
}

/** Who takes a response while it arrives. */
export interface ResponseSink {
  onHead(head: ResponseHead): void;
  onBody(chunk: Buffer): void;
  /** All that arrived so far has been handed on and the response is not complete: what is held back must go out now. */
  onPause(): void;
  /** The response is complete; `last` is the rest of the body, if any came with its end. */
  onEnd(last: Buffer | undefined, trailers: string[] | undefined): void;
  /** 101: from here on the connection speaks another protocol; `rest` are its first bytes. */
  onSwitch(head: ResponseHead, rest: Buffer): void;
}

/** The response breaks HTTP; ALB answers 502 ("the target response is malformed", ALB guide, troubleshooting). */
export class MalformedResponse extends Error {}

const HEAD_LIMIT = 32 * 1024; // Response headers: 32 K (ALB guide, limits).
const CHUNK_LINE_LIMIT = 4096;
const CRLF = Buffer.from("\r\n");
const HEAD_END = Buffer.from("\r\n\r\n");
const EMPTY = Buffer.alloc(0);

type State = "idle" | "head" | "length" | "untilClose" | "chunkSize" | "chunkData" | "chunkEnd" | "trailers";

/** Reads HTTP/1.1 responses from a target's connection, one at a time, as strictly as needed to be sure where each ends. */
export class ResponseParser {
  #state: State = "idle";
  #method = "GET";
  #upgrade = false;
  #kept: Buffer = EMPTY;
  #remaining = 0;
  #pending: Buffer | undefined;

  constructor(private readonly sink: ResponseSink) {}

  get idle(): boolean {
    return this.#state === "idle";
  }

  /** Expects the response to a request that is being sent. */
  begin(method: string, upgrade: boolean): void {
    this.#state = "head";
    this.#method = method;
    this.#upgrade = upgrade;
    this.#kept = EMPTY;
  }

  /** Takes what arrived; returns false when bytes follow the end of the response that no request asked for. */
  execute(data: Buffer): boolean {
    let chunk = this.#kept.length > 0 ? Buffer.concat([this.#kept, data]) : data;
    this.#kept = EMPTY;
    while (chunk.length > 0) {
      if (this.#state === "idle") return false;
      const used = this.#step(chunk);
      if (used === 0) {
        this.#kept = chunk;
        break;
      }
      chunk = used === chunk.length ? EMPTY : chunk.subarray(used);
    }
    this.#flush();
    if (this.#state !== "idle" && this.#state !== "head") this.sink.onPause();
    return true;
  }

  /** The target closed its side; true when that is how the response ends. */
  finish(): boolean {
    if (this.#state !== "untilClose") return false;
    this.#end(undefined);
    return true;
  }

  /** Returns how many bytes were used; 0 asks for more. */
  #step(chunk: Buffer): number {
    switch (this.#state) {
      case "head":
        return this.#readHead(chunk);
      case "length":
      case "chunkData":
        return this.#readCounted(chunk);
      case "untilClose":
        this.#body(chunk);
        return chunk.length;
      case "chunkSize":
        return this.#readChunkSize(chunk);
      case "chunkEnd":
        if (chunk.length < 2) return 0;
        if (chunk[0] !== 13 || chunk[1] !== 10) throw new MalformedResponse("a chunk is longer than its size says");
        this.#state = "chunkSize";
        return 2;
      case "trailers":
        return this.#readTrailers(chunk);
      default:
        return 0;
    }
  }

  #readHead(chunk: Buffer): number {
    const end = chunk.indexOf(HEAD_END);
    if (end < 0 || end > HEAD_LIMIT) {
      if (end > HEAD_LIMIT || chunk.length > HEAD_LIMIT) throw new MalformedResponse("its headers exceed 32 K");
      if (chunk.length >= 5 && chunk.toString("latin1", 0, 5) !== "HTTP/")
        throw new MalformedResponse("it is not HTTP/1.1");
      return 0;
    }
    const head = parseHead(chunk.toString("latin1", 0, end));
    const used = end + HEAD_END.length;
    if (head.status === 101) {
      if (!this.#upgrade) throw new MalformedResponse("it switches protocols without being asked to");
      this.#state = "idle";
      this.sink.onSwitch(head, chunk.subarray(used));
      return chunk.length;
    }
    // Interim responses (100, 102, 103) are between target and balancer; the balancer itself answered Expect: 100-continue.
    if (head.status < 200) return used;
    this.#startBody(head);
    return used;
  }

  #startBody(head: ParsedHead): void {
    const bodiless = this.#method === "HEAD" || head.status === 204 || head.status === 304;
    this.#remaining = head.length ?? 0;
    if (!bodiless && head.length === undefined && !head.chunked) head.keepAlive = false;
    this.sink.onHead(head);
    if (bodiless || (!head.chunked && head.length === 0)) this.#end(undefined);
    else if (head.chunked) this.#state = "chunkSize";
    else this.#state = head.length === undefined ? "untilClose" : "length";
  }

  #readCounted(chunk: Buffer): number {
    if (chunk.length < this.#remaining) {
      this.#remaining -= chunk.length;
      this.#body(chunk);
      return chunk.length;
    }
    const used = this.#remaining;
    this.#remaining = 0;
    this.#body(used === chunk.length ? chunk : chunk.subarray(0, used));
    if (this.#state === "length") this.#end(undefined);
    else this.#state = "chunkEnd";
    return used;
  }

  #readChunkSize(chunk: Buffer): number {
    const end = chunk.indexOf(CRLF);
    if (end < 0) {
      if (chunk.length > CHUNK_LINE_LIMIT) throw new MalformedResponse("a chunk's size line is too long");
      return 0;
    }
    const size = /^([0-9a-fA-F]{1,12})[ \t]*(?:;[^\r\n]*)?$/.exec(chunk.toString("latin1", 0, end))?.[1];
    if (size === undefined) throw new MalformedResponse("a chunk has no readable size");
    this.#remaining = Number.parseInt(size, 16);
    this.#state = this.#remaining === 0 ? "trailers" : "chunkData";
    return end + 2;
  }

  #readTrailers(chunk: Buffer): number {
    if (chunk.length >= 2 && chunk[0] === 13 && chunk[1] === 10) {
      this.#end(undefined);
      return 2;
    }
    const end = chunk.indexOf(HEAD_END);
    if (end < 0) {
      if (chunk.length > HEAD_LIMIT) throw new MalformedResponse("its trailers exceed 32 K");
      return 0;
    }
    const trailers: string[] = [];
    for (const line of chunk.toString("latin1", 0, end).split("\r\n")) trailers.push(...splitHeader(line));
    this.#end(trailers);
    return end + HEAD_END.length;
  }

  /** Holds one piece of the body back, so that the last one can travel together with the end of the response. */
  #body(piece: Buffer): void {
    if (this.#pending) this.sink.onBody(this.#pending);
    this.#pending = piece;
  }

  #flush(): void {
    const piece = this.#pending;
    this.#pending = undefined;
    if (piece) this.sink.onBody(piece);
  }

  #end(trailers: string[] | undefined): void {
    const last = this.#pending;
    this.#pending = undefined;
    this.#state = "idle";
    this.sink.onEnd(last, trailers);
  }
}

interface ParsedHead extends ResponseHead {
  keepAlive: boolean;
  length?: number;
  chunked: boolean;
}

function parseHead(text: string): ParsedHead {
  const lines = text.split("\r\n");
  const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: ([^\0\r\n]*))?$/.exec(lines[0] as string);
  if (!statusLine) throw new MalformedResponse("its status line cannot be read");
  const head: ParsedHead = {
    status: Number(statusLine[2]),
    reason: statusLine[3] ?? "",
    headers: [],
    keepAlive: statusLine[1] === "1",
    chunked: false,
  };
  let coded = false;
  let connection: string | undefined;
  let lengthValue: string | undefined;
  for (let at = 1; at < lines.length; at++) {
    const [name, value] = splitHeader(lines[at] as string);
    switch (name.length) {
      case 10:
        if (name.toLowerCase() === "connection") {
          connection = connection === undefined ? value.toLowerCase() : `${connection},${value.toLowerCase()}`;
          continue;
        }
        if (name.toLowerCase() === "keep-alive") continue;
        break;
      case 14:
        if (name.toLowerCase() === "content-length") {
          if (lengthValue !== undefined && lengthValue !== value) throw new MalformedResponse("it has two lengths");
          if (!/^\d{1,15}$/.test(value)) throw new MalformedResponse(`its Content-Length is "${value}"`);
          if (lengthValue !== undefined) continue;
          lengthValue = value;
        }
        break;
      case 17:
        if (name.toLowerCase() === "transfer-encoding") {
          coded = true;
          head.chunked = /(?:^|,)\s*chunked$/i.test(value);
          continue;
        }
        break;
      case 7:
        if (head.status !== 101 && name.toLowerCase() === "upgrade") continue;
        break;
      case 16:
        if (name.toLowerCase() === "proxy-connection") continue;
        break;
    }
    head.headers.push(name, value);
  }
  // Transfer-Encoding outranks Content-Length, which must then not be passed on (RFC 9112, 6.3).
  if (coded && lengthValue !== undefined)
    head.headers.splice(0, Infinity, ...without(head.headers, ["content-length"]));
  if (!coded && lengthValue !== undefined) head.length = Number(lengthValue);
  if (connection !== undefined) applyConnection(head, connection);
  return head;
}

function applyConnection(head: ParsedHead, connection: string): void {
  const options = connection.split(",").map((option) => option.trim());
  if (options.includes("close")) head.keepAlive = false;
  else if (options.includes("keep-alive")) head.keepAlive = true;
  const named = options.filter((option) => option !== "close" && option !== "keep-alive" && option !== "upgrade");
  if (named.length > 0) head.headers.splice(0, Infinity, ...without(head.headers, named));
}

function without(headers: readonly string[], lowerCaseNames: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    if (!lowerCaseNames.includes(name.toLowerCase())) kept.push(name, headers[at + 1] as string);
  }
  return kept;
}

/** Names and values are checked character by character when the head is written to the client. */
function splitHeader(line: string): [name: string, value: string] {
  const colon = line.indexOf(":");
  if (colon <= 0) throw new MalformedResponse(`a header has no name: "${line.slice(0, 40)}"`);
  const name = line.slice(0, colon);
  return [name, line.slice(colon + 1).trim()];
}
