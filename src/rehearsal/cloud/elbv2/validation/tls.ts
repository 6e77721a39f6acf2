import type { CreateListenerCommandInput, ModifyListenerCommandInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../awsError.js";
import type { ListenerRecord } from "../model.js";
import { invalid, notServed, requireOneOf } from "../refusals.js";

/** What the API takes when a request names no policy (botocore model, CreateListener). */
const defaultPolicy = "ELBSecurityPolicy-2016-08";

type Input = Pick<
  CreateListenerCommandInput | ModifyListenerCommandInput,
  "Protocol" | "Certificates" | "SslPolicy" | "AlpnPolicy" | "MutualAuthentication"
>;

/**
 * A listener's protocol and, for HTTPS, its certificate and policy. Certificates are taken by their ARN alone: the balancer
 * shows clients one that it made itself, as private keys never leave AWS.
 */
export function secureSettings(
  input: Input,
  current: Pick<ListenerRecord, "protocol" | "tls"> | undefined,
): Pick<ListenerRecord, "protocol" | "tls"> {
  const given = input.Protocol ?? current?.protocol;
  if (given === undefined) throw invalid("A listener protocol must be specified");
  const protocol = requireOneOf("Protocol", given, ["HTTP", "HTTPS"]);
  if (input.AlpnPolicy?.length) throw notServed("ALPN policies");
  if ((input.MutualAuthentication?.Mode ?? "off") !== "off") throw notServed("mutual authentication");
  if (protocol === "HTTP") {
    if (input.Certificates?.length || input.SslPolicy) {
      throw new AwsError("InvalidConfigurationRequest", "Certificates and SSL policies are for HTTPS listeners only");
    }
    return { protocol, tls: undefined };
  }
  const certificates = input.Certificates?.map((certificate) => certificate.CertificateArn ?? "");
  if (certificates && certificates.length > 1) throw invalid("Only one certificate may be specified");
  const certificateArn = certificates?.[0] ?? current?.tls?.certificateArn;
  if (certificateArn === undefined) {
    throw new AwsError("CertificateNotFound", "A certificate must be specified for HTTPS listeners");
  }
  if (!/^arn:aws[a-z-]*:(acm|iam):/.test(certificateArn)) {
    throw new AwsError("CertificateNotFound", `Certificate ARN '${certificateArn}' is not valid`);
  }
  return { protocol, tls: { certificateArn, sslPolicy: input.SslPolicy ?? current?.tls?.sslPolicy ?? defaultPolicy } };
}
