/** Types of the package that are no objects of the API: what is not served, and what to do instead. */

const REFUSED: readonly { readonly type: RegExp; readonly why: string }[] = [
  {
    type: /^kubernetes:helm/,
    why:
      "Helm charts are rendered by the Helm library, which the rehearsal provider does not have. " +
      "Fix: render the chart (`helm template`) and read the result with kubernetes.yaml.ConfigFile, or leave it out while rehearsing",
  },
  {
    type: /^kubernetes:kustomize/,
    why:
      "kustomizations are built by the kustomize library, which the rehearsal provider does not have. " +
      "Fix: build them (`kubectl kustomize`) and read the result with kubernetes.yaml.ConfigFile, or leave them out while rehearsing",
  },
  {
    type: /^kubernetes:yaml\/v2/,
    why:
      "the components of kubernetes.yaml.v2 are made inside the real provider. " +
      "Fix: use kubernetes.yaml.ConfigFile or ConfigGroup, which the SDK makes, or leave them out while rehearsing",
  },
];

/** Why this type or function is not served; `undefined` if it may be. */
export function refusal(token: string): string | undefined {
  const found = REFUSED.find(({ type }) => type.test(token));
  return (
    found &&
    `the rehearsal provider does not serve ${token}: ${found.why}, or rehearse with the real provider (\`--provider real\`)`
  );
}
