import { AwsError } from "../awsError.js";

/** A form's dotted keys as a tree: `A.member.1.B=x` is A → member → 1 → B with the text x. */
export interface FormNode {
  /** The key as the caller wrote it, for messages. */
  readonly path: string;
  text?: string;
  readonly children: Map<string, FormNode>;
}

const malformed = (detail: string): AwsError =>
  new AwsError("MalformedQueryString", `The request body is not a valid form: ${detail}.`);

/** Reads an `application/x-www-form-urlencoded` body; anything ambiguous or not decodable is refused. */
export function parseForm(body: string): FormNode {
  const root: FormNode = { path: "", children: new Map() };
  for (const pair of body.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const key = decode(equals < 0 ? pair : pair.slice(0, equals));
    const node = descend(root, key);
    if (node.text !== undefined) throw malformed(`"${key}" is given twice`);
    node.text = equals < 0 ? "" : decode(pair.slice(equals + 1));
  }
  return root;
}

/** Takes a top-level text out of the form, such as `Action`. */
export function takeText(form: FormNode, key: string): string | undefined {
  const node = form.children.get(key);
  if (node?.text === undefined) return undefined;
  form.children.delete(key);
  return node.text;
}

function descend(root: FormNode, key: string): FormNode {
  if (key === "") throw malformed("a value has no name");
  let node = root;
  for (const part of key.split(".")) {
    if (part === "") throw malformed(`"${key}" has an empty part`);
    let child = node.children.get(part);
    if (!child) {
      child = { path: node.path === "" ? part : `${node.path}.${part}`, children: new Map() };
      node.children.set(part, child);
    }
    node = child;
  }
  return node;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw malformed(`"${text.slice(0, 40)}" is not percent-encoded UTF-8`);
  }
}
