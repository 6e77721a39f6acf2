// Writes docs/fidelity.md from the registry and the titles of tests.
const { writeFileSync } = require("node:fs");
const path = require("node:path");

require("../rehearsal/provider/typescriptHook.cjs");

const { disagreements, renderDocument } = require("./document.ts");
const file = path.resolve(__dirname, "../../docs/fidelity.md");
writeFileSync(file, renderDocument());
for (const sentence of disagreements()) process.stderr.write(`${sentence}\n`);
