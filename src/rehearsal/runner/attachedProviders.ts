/**
 * Variables by which an engine uses providers that run already.
 *
 * @param ports where they serve, by the name of the package
 */
export function attachedProviders(ports: Readonly<Record<string, number>>): Record<string, string> {
  const attached = Object.entries(ports).map(([name, port]) => `${name}:${port}`);
  return {
    PULUMI_DEBUG_PROVIDERS: attached.join(","),
    // Before each call the engine would fetch the real plugins of all providers in the state all the same, hundreds of megabytes that nobody asks
    // for. What the program uses beside them is still installed when it is used. As a variable it is the flag `--skip-plugin-pre-install`
    // where the engine has it (pulumi/pulumi#22947), and nothing to an older one.
    PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "true",
  };
}
