import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

const OID_ECDSA_SHA256 = Buffer.from("06082a8648ce3d040302", "hex");
const OID_COMMON_NAME = Buffer.from("0603550403", "hex");
const OID_ALTERNATIVE_NAME = Buffer.from("0603551d11", "hex");
const OID_BASIC_CONSTRAINTS = Buffer.from("0603551d13", "hex");
const BOOLEAN_TRUE = Buffer.from("0101ff", "hex");
const DAY_MS = 86_400_000;

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * A certificate for an HTTPS listener of the rehearsal, signed by itself: the certificates that a program names live in AWS and
 * cannot be had here. It is valid for the balancer's address and for localhost, for a year; clients must trust it or not verify.
 */
export function createSelfSigned(ipv4Address: string): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const name = sequence(set(sequence(OID_COMMON_NAME, utf8("hitless rehearsal"))));
  const algorithm = sequence(OID_ECDSA_SHA256);
  const now = Date.now();
  const alternatives = sequence(
    tagged(0x82, Buffer.from("localhost")),
    tagged(0x87, Buffer.from(ipv4Address.split(".").map(Number))),
  );
  const extensions = sequence(
    sequence(OID_BASIC_CONSTRAINTS, BOOLEAN_TRUE, tagged(0x04, sequence(BOOLEAN_TRUE))),
    sequence(OID_ALTERNATIVE_NAME, tagged(0x04, alternatives)),
  );
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))), // version 3
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(time(now - DAY_MS), time(now + 365 * DAY_MS)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, extensions),
  );
  const signature = sign("sha256", body, privateKey);
  const der = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

/** DER: a tag, the length, the content. */
function tagged(tag: number, content: Buffer): Buffer {
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function set(...parts: Buffer[]): Buffer {
  return tagged(0x31, Buffer.concat(parts));
}

function utf8(text: string): Buffer {
  return tagged(0x0c, Buffer.from(text));
}

/** GeneralizedTime, which has no two-digit years. */
function time(epochMs: number): Buffer {
  const digits = new Date(epochMs).toISOString().replace(/[-:T]|\.\d+/g, "");
  return tagged(0x18, Buffer.from(digits));
}
