import { randomBytes } from "node:crypto";
import { type Certificate, makeCertificate } from "./x509.js";

/**
 * Signs the certificates of HTTPS listeners: those that a program names live in AWS and cannot be had here. It is made when the
 * cloud starts, so that programs can be told to trust it before there is any listener, and is gone with the cloud.
 */
export class Authority {
  /** Tells the authorities of several clouds apart. */
  readonly #commonName = `hitless rehearsal ${randomBytes(4).toString("hex")}`;
  readonly #own: Certificate = makeCertificate({ commonName: this.#commonName, hosts: [], isAuthority: true });

  /** Its certificate, PEM: who trusts it trusts every certificate that it issues. */
  get cert(): string {
    return this.#own.cert;
  }

  /** A certificate for a load balancer's address and for localhost. */
  issue(address: string): Certificate {
    return makeCertificate({
      commonName: address,
      hosts: ["localhost", address],
      isAuthority: false,
      signer: { commonName: this.#commonName, key: this.#own.key },
    });
  }
}
