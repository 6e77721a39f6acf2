import { attachedProviders } from "../../../src/rehearsal/runner/attachedProviders.js";

test("the engine finds providers that run already, and is asked not to fetch their real plugins before each call", () => {
  expect(attachedProviders({ aws: 4001, kubernetes: 4002 })).toEqual({
    PULUMI_DEBUG_PROVIDERS: "aws:4001,kubernetes:4002",
    PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "true",
  });
});
