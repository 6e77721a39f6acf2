import * as pulumi from "@pulumi/pulumi";
import { kubeSettings } from "../../../src/gates/kubernetes/kubeSettings.js";
import { setHitlessMocks } from "../../../src/testing/index.js";

class Provider extends pulumi.ProviderResource {
  constructor(props: pulumi.Inputs) {
    super("kubernetes", "cluster", props);
    Object.assign(this, Object.fromEntries(Object.entries(props).map(([key, value]) => [key, pulumi.output(value)])));
  }
}

test("a provider's own settings", async () => {
  await setHitlessMocks();
  const provider = new Provider({
    kubeconfig: pulumi.output("apiVersion: v1\n"),
    context: "one",
    namespace: "x",
    cluster: "",
  });
  expect(await kubeSettings(provider)).toEqual({ kubeconfig: "apiVersion: v1\n", context: "one" });
});

test("the stack's configuration, where the component has no provider", async () => {
  await setHitlessMocks();
  pulumi.runtime.setAllConfig({ "kubernetes:kubeconfig": "/home/me/config", "kubernetes:context": "two" });
  expect(await kubeSettings(undefined)).toEqual({ kubeconfig: "/home/me/config", context: "two" });
  pulumi.runtime.setAllConfig({});
  expect(await kubeSettings(undefined)).toEqual({});
});
