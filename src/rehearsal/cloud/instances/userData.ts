import { gunzipSync } from "node:zlib";

/** What an instance does with its user data. */
export type UserData =
  | { readonly kind: "none" }
  /** A script, run once as root with the interpreter of its first line. */
  | { readonly kind: "script"; readonly script: Buffer }
  /** Text that cloud-init would not run either; programs still read it from the metadata service. */
  | { readonly kind: "inert"; readonly why: string };

/** Unpacked, so that a small archive cannot fill the memory; AWS itself takes 16 KiB of (possibly gzipped) user data. */
const largestUnpackedBytes = 8 * 1024 * 1024;

/**
 * What else cloud-init acts upon, by how the data begins (cloud-init: "User data formats"). The local cloud has no
 * cloud-init, so these are refused: an instance that silently skipped them would look like the real one and not be it.
 */
const refusedFormats: readonly (readonly [RegExp, string])[] = [
  [/^#cloud-config-archive\b/, "a cloud-config archive"],
  [/^#cloud-config\b/, "cloud-config"],
  [/^#cloud-boothook\b/, "a cloud boothook"],
  [/^#include(-once)?\b/, "an include list"],
  [/^#part-handler\b/, "a part handler"],
  [/^## template:\s*jinja/i, "a jinja template"],
  [/^(content-type:\s*multipart|mime-version:|from nobody|received:)/i, "a MIME multipart message"],
];

/**
 * Reads user data by cloud-init's rules for scripts: base64, gzip accepted, `#!` decides. Throws in one sentence on what
 * the local cloud cannot run.
 * @param userData base64, as the launch template holds it
 */
export function readUserData(userData: string | undefined): UserData {
  if (userData === undefined || userData === "") return { kind: "none" };
  const content = unpack(decodeUserData(userData));
  if (content.length === 0) return { kind: "none" };
  const head = content.subarray(0, 256).toString("latin1").trimStart();
  if (content.subarray(0, 2).toString("latin1") === "#!") return { kind: "script", script: unixLineEnds(content) };
  const refused = refusedFormats.find(([pattern]) => pattern.test(head));
  if (refused) {
    throw new Error(
      `the user data is ${refused[1]}, which cloud-init would carry out; the local cloud runs scripts only (a first line such as "#!/bin/bash"). ` +
        "Write it as a script, or map the image to a command.",
    );
  }
  return {
    kind: "inert",
    why: 'the user data has no "#!" in its first two bytes: cloud-init would not run it ("Unhandled non-multipart userdata"), so neither is it run here',
  };
}

/** The bytes that the metadata service answers: base64 taken off, nothing else changed. */
export function decodeUserData(userData: string): Buffer {
  const compact = userData.replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    throw new Error("the user data is not base64: launch templates hold it base64-encoded.");
  }
  return Buffer.from(compact, "base64");
}

function unpack(content: Buffer): Buffer {
  if (content[0] !== 0x1f || content[1] !== 0x8b) return content;
  try {
    return gunzipSync(content, { maxOutputLength: largestUnpackedBytes });
  } catch (error) {
    throw new Error(`the user data begins like gzip but cannot be unpacked: ${(error as Error).message}`);
  }
}

/** cloud-init's dos2unix: only when the first line ends in CRLF (cloudinit/util.py). */
function unixLineEnds(content: Buffer): Buffer {
  const end = content.indexOf("\n");
  if (end <= 0 || content[end - 1] !== 0x0d) return content;
  return Buffer.from(content.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
}
