/** Decides whether a text matches. */
export type Matcher = (text: string) => boolean;

export interface WildcardOptions {
  readonly ignoreCase: boolean;
  /** `\*` and `\?` stand for the characters themselves; ALB has this in query string conditions only (botocore model). */
  readonly escapes?: boolean;
}

const ANY_RUN = Symbol("*");
const ANY_ONE = Symbol("?");
type Token = string | typeof ANY_RUN | typeof ANY_ONE;

/**
 * ALB's wildcards: `*` matches 0 or more characters, `?` exactly one (ALB guide, listeners). Matching is a greedy walk with one
 * point of return and not a regular expression, so that no pattern can make a request expensive.
 */
export function wildcard(pattern: string, options: WildcardOptions): Matcher {
  const tokens = tokenize(options.ignoreCase ? pattern.toLowerCase() : pattern, options.escapes ?? false);
  const fold = options.ignoreCase ? (text: string) => text.toLowerCase() : (text: string) => text;
  if (tokens.every((token) => typeof token === "string")) {
    const literal = tokens.join("");
    return (text) => fold(text) === literal;
  }
  if (tokens.at(-1) === ANY_RUN && tokens.slice(0, -1).every((token) => typeof token === "string")) {
    const prefix = tokens.slice(0, -1).join("");
    return (text) => fold(text).startsWith(prefix);
  }
  return (text) => matchTokens(tokens, fold(text));
}

function tokenize(pattern: string, escapes: boolean): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    const next = pattern.charAt(at + 1);
    if (escapes && character === "\\" && (next === "*" || next === "?" || next === "\\")) {
      tokens.push(next);
      at++;
    } else if (character === "*") {
      if (tokens.at(-1) !== ANY_RUN) tokens.push(ANY_RUN);
    } else if (character === "?") {
      tokens.push(ANY_ONE);
    } else {
      tokens.push(character);
    }
  }
  return tokens;
}

function matchTokens(tokens: readonly Token[], text: string): boolean {
  let token = 0;
  let at = 0;
  let runToken = -1;
  let runAt = 0;
  while (at < text.length) {
    const current = tokens[token];
    if (current === ANY_RUN) {
      runToken = token++;
      runAt = at;
    } else if (current === ANY_ONE || current === text[at]) {
      token++;
      at++;
    } else if (runToken >= 0) {
      token = runToken + 1;
      at = ++runAt;
    } else {
      return false;
    }
  }
  while (tokens[token] === ANY_RUN) token++;
  return token === tokens.length;
}
