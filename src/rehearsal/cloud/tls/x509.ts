import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";

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

/** Who signs, as the certificates that it signs name it. */
export interface Signer {
  readonly commonName: string;
  /** Private key (P-256), PEM. */
  readonly key: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** Names and IPv4 addresses that it is valid for; none makes it no server's. */
  readonly hosts: readonly string[];
  /** Whether it may sign others. */
  readonly isAuthority: boolean;
  /** @default itself */
  readonly signer?: Signer;
}

/** Makes a certificate on P-256, valid from yesterday for a year (RFC 5280). */
export function makeCertificate({ commonName, hosts, isAuthority, signer }: CertificateRequest): Certificate {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const algorithm = sequence(OID_ECDSA_SHA256);
  const now = Date.now();
  const constraints = isAuthority ? sequence(BOOLEAN_TRUE) : sequence();
  const extensions = [sequence(OID_BASIC_CONSTRAINTS, BOOLEAN_TRUE, tagged(0x04, constraints))];
  if (hosts.length > 0) {
    extensions.push(sequence(OID_ALTERNATIVE_NAME, tagged(0x04, sequence(...hosts.map(alternativeName)))));
  }
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))), // version 3
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name(signer?.commonName ?? commonName),
    sequence(time(now - DAY_MS), time(now + 365 * DAY_MS)),
    name(commonName),
    createPublicKey(privateKey).export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", body, signer ? createPrivateKey(signer.key) : privateKey);
  const der = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return { cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`, key };
}

function alternativeName(host: string): Buffer {
  return /^\d+(\.\d+){3}$/.test(host)
    ? tagged(0x87, Buffer.from(host.split(".").map(Number)))
    : tagged(0x82, Buffer.from(host));
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

function name(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(OID_COMMON_NAME, tagged(0x0c, Buffer.from(commonName)))));
}

/** GeneralizedTime, which has no two-digit years. */
function time(epochMs: number): Buffer {
  const digits = new Date(epochMs).toISOString().replace(/[-:T]|\.\d+/g, "");
  return tagged(0x18, Buffer.from(digits));
}
