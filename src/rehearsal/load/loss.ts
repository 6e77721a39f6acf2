import type { LossKind } from "./model.js";

export interface Loss {
  readonly kind: LossKind;
  /** The system's or the parser's own code; what undici calls otherwise is told by the code that everybody knows. */
  readonly code: string;
  readonly detail: string;
}

/** How far the answer had come. */
export interface Progress {
  readonly hasBegun: boolean;
  /** Known from the end of its head on. */
  readonly status: number | undefined;
  readonly bytes: number;
}

/** The other side ended the connection in the middle: undici's names for it, by where it was. */
const ENDED = new Set(["UND_ERR_SOCKET", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "HPE_INVALID_EOF_STATE"]);
/** The parser's own words for it: undici 7 looks its codes up in a table that has none. */
const PARSER_ENDED = /\(Invalid EOF state\)/;
const PARSER = "HTTPParserError";
/** undici closes a connection with these words when what came is no answer to its request. */
const NO_ANSWER = /^bad (response|upgrade)$/;

/** What an error of a connection means for the request that was on it. */
export function lossOf(error: NodeJS.ErrnoException, { hasBegun, status, bytes }: Progress): Loss {
  const code = error.code ?? error.name;
  const isEnded = ENDED.has(code) || (code === PARSER && PARSER_ENDED.test(error.message));
  if (status !== undefined) {
    const detail = `the answer (${status}) ended after ${bytes} bytes of its body`;
    return isEnded
      ? { kind: "cutShort", code: "ECONNRESET", detail }
      : { kind: "cutShort", code, detail: `${detail}: ${messageOf(error)}` };
  }
  if (NO_ANSWER.test(error.message)) {
    return { kind: "malformed", code, detail: "what came was no answer to this request" };
  }
  if (isEnded) {
    return hasBegun
      ? { kind: "cutShort", code: "ECONNRESET", detail: "the answer ended within its head" }
      : { kind: "reset", code: "ECONNRESET", detail: "the other side closed the connection without an answer" };
  }
  const kind = kindOf(code);
  return { kind: kind === "reset" && hasBegun ? "cutShort" : kind, code, detail: messageOf(error) };
}

function kindOf(code: string): LossKind {
  if (code === "ECONNREFUSED") return "refused";
  if (code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED") return "reset";
  if (code === "ETIMEDOUT") return "timedOut";
  return code === PARSER || code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW" ? "malformed" : "other";
}

/** A name with several addresses fails with one error for each, and no words of its own. */
function messageOf(error: Error): string {
  if (error.message !== "" || !(error instanceof AggregateError)) return error.message;
  return error.errors.map((each: Error) => each.message).join("; ");
}
