// The pack as it comes: every rule at its default. `npx hitless policy init` writes one that you can change.
const { PolicyPack } = require("@pulumi/policy");
const { hitlessPolicies } = require("../dist/policy/index.js");

new PolicyPack("hitless", { policies: hitlessPolicies() });
