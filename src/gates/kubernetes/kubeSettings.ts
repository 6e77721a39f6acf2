import * as pulumi from "@pulumi/pulumi";

/** How the Kubernetes provider of a component reaches its cluster: what its gates have to use as well. */
export interface KubeSettings {
  /** The text of a kubeconfig, or the path of one; absent: `KUBECONFIG`, `~/.kube/config`, or the pod's own cluster. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** A cluster of the kubeconfig in place of the context's own. */
  readonly cluster?: string;
}

const NAMES = ["kubeconfig", "context", "cluster"] as const satisfies readonly (keyof KubeSettings)[];

const known = new WeakMap<pulumi.ComponentResource, Promise<KubeSettings>>();

/**
 * The settings of a component's Kubernetes provider, or else of the stack's `kubernetes:` configuration, which is what the default provider
 * uses; read once, for all of its gates. Call it while the program is built: under the Automation API, configuration is known
 * only there.
 */
export function kubeSettingsOf(component: pulumi.ComponentResource): Promise<KubeSettings> {
  const settings = known.get(component) ?? kubeSettings(component.getProvider("kubernetes:index:Provider"));
  known.set(component, settings);
  return settings;
}

/** The same where it may be asked in a preview: undefined while the provider's inputs are not known, as its cluster is yet to be made. */
export async function kubeSettingsIfKnown(component: pulumi.ComponentResource): Promise<KubeSettings | undefined> {
  const provider = component.getProvider("kubernetes:index:Provider") as unknown as
    | Readonly<Record<string, pulumi.Input<unknown> | undefined>>
    | undefined;
  for (const name of provider ? NAMES : []) {
    // Not part of the SDK's documented surface; every Output has it, and in a preview `apply` never calls for what is unknown.
    const { isKnown } = pulumi.output(provider?.[name]) as unknown as { readonly isKnown: Promise<boolean> };
    if (!(await isKnown)) return undefined;
  }
  return kubeSettingsOf(component);
}

export function kubeSettings(provider: pulumi.ProviderResource | undefined): Promise<KubeSettings> {
  if (!provider) {
    const config = new pulumi.Config("kubernetes");
    return Promise.resolve(collect((name) => config.get(name)));
  }
  // The class declares none of its inputs, but each is there, as an Output, once the resource is registered.
  const properties = provider as unknown as Record<string, pulumi.Input<unknown> | undefined>;
  const outputs = NAMES.map((name) => pulumi.output(properties[name]));
  return new Promise((resolve) => {
    pulumi.all(outputs).apply((values) => resolve(collect((name) => values[NAMES.indexOf(name)])));
  });
}

function collect(read: (name: (typeof NAMES)[number]) => unknown): KubeSettings {
  const settings: Record<string, string> = {};
  for (const name of NAMES) {
    const value = read(name);
    if (value === undefined || value === null || value === "") continue;
    settings[name] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return settings;
}
