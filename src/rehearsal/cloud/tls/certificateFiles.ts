import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Certificate } from "./x509.js";

/** Reads a certificate (PEM, its chain behind it) and its key. @throws Error in one sentence when they cannot be used */
export function readCertificate(certFile: string, keyFile: string): Certificate {
  const [cert, key] = [readFileSync(certFile, "utf8"), readFileSync(keyFile, "utf8")];
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw new Error(`the key in ${keyFile} is not that of the certificate in ${certFile}`);
  }
  return { cert, key };
}
