import { type Certificate, makeCertificate } from "../../tls/x509.js";

export type { Certificate } from "../../tls/x509.js";

/**
 * A certificate for an HTTPS listener that got none from the control plane, signed by itself. It is valid for the balancer's address
 * and for localhost; clients must trust it or not verify.
 */
export function createSelfSigned(ipv4Address: string): Certificate {
  return makeCertificate({ commonName: "hitless rehearsal", hosts: ["localhost", ipv4Address], isAuthority: true });
}
