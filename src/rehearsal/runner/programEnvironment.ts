import * as path from "node:path";

/** What the program, the engine and the provider are to see of the cloud. */
export interface CloudAccess {
  readonly url: string;
  readonly region: string;
  readonly speed: number;
  /** File with the certificates (PEM) that HTTPS clients of the load balancers are to trust. @default none */
  readonly trustFile?: string;
  /** The kubeconfig of the rehearsal's cluster. @default none: a program that uses Kubernetes is told so */
  readonly kubeconfig?: string;
}

/**
 * The environment of the program and its engine. The user's own credentials, profiles, Pulumi login and Pulumi settings must not
 * leak into a rehearsal: a resource that missed an endpoint would otherwise be made in a real account. So everything of AWS's,
 * Kubernetes' and Pulumi's is left out and set anew, but for where Pulumi's files lie and whether it checks types.
 */
export function programEnvironment(
  own: NodeJS.ProcessEnv,
  engine: Readonly<Record<string, string>>,
  cloud: CloudAccess,
  workDirectory: string,
  passphrase: string,
): Record<string, string> {
  const kept = Object.entries(own).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !/^(AWS_|PULUMI_(?!(?:HOME|NODEJS_TRANSPILE_ONLY)$)|HITLESS_|KUBECONFIG$|KUBERNETES_)/i.test(entry[0]),
  );
  const nowhere = path.join(workDirectory, "no-aws-configuration");
  const kubeconfig = cloud.kubeconfig ?? path.join(workDirectory, "no-kubernetes-cluster");
  return {
    ...Object.fromEntries(kept),
    ...engine,
    // Without the ".attrs" files beside the state (gocloud.dev fileblob): they are not replaced in one go, and an engine that is
    // killed while it writes one leaves a stack that cannot be read any more.
    PULUMI_BACKEND_URL: `file://${path.join(workDirectory, "state")}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Lets `--event-log` through, as Pulumi's own Automation API does.
    PULUMI_DEBUG_COMMANDS: "true",
    AWS_ENDPOINT_URL: cloud.url,
    AWS_ACCESS_KEY_ID: "rehearsal",
    AWS_SECRET_ACCESS_KEY: "rehearsal",
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_EC2_METADATA_DISABLED: "true",
    // The AWS SDK's notice about old Node versions would stand in the middle of the engine's messages.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    HITLESS_SPEED: String(cloud.speed),
    // The same twice: the one is what a program finds by default, the other the only cluster that its providers may touch.
    KUBECONFIG: kubeconfig,
    HITLESS_KUBECONFIG: kubeconfig,
    ...(cloud.trustFile !== undefined && { NODE_EXTRA_CA_CERTS: cloud.trustFile }),
  };
}
