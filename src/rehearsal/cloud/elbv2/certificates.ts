import type { Authority } from "../tls/authority.js";
import type { Certificate } from "../tls/x509.js";

/** What HTTPS listeners serve: the certificate that was given for the ARN they name, else one that is made for their address. */
export class ListenerCertificates {
  readonly #made = new Map<string, Certificate>();

  /** @param authority signs what is made; without one nothing is, and the data plane helps itself */
  constructor(
    private readonly given: Readonly<Record<string, Certificate>>,
    private readonly authority: Pick<Authority, "issue"> | undefined,
  ) {}

  of(certificateArn: string, address: string): Certificate | undefined {
    const given = Object.hasOwn(this.given, certificateArn) ? this.given[certificateArn] : undefined;
    if (given !== undefined || this.authority === undefined) return given;
    const made = this.#made.get(address) ?? this.authority.issue(address);
    this.#made.set(address, made);
    return made;
  }
}
