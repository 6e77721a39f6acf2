/**
 * Fast tests live anywhere under test/; those that start the real engine live in test/e2e, and those that start clients from
 * elsewhere (AWS CLI, botocore, moto, Go) in test/fidelity/clients. Those on a real cluster are a project of their own, since two
 * clusters side by side would be in each other's way.
 */
const shared = {
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  moduleNameMapper: {
    "^(\\.{1,2}/.*)\\.js$": ["$1.ts", "$1.js"],
    "^hitless$": "<rootDir>/src/index.ts",
    "^hitless/testing$": "<rootDir>/src/testing/index.ts",
    "^hitless/kubernetes$": "<rootDir>/src/kubernetes/index.ts",
  },
};
const projects = [
  {
    ...shared,
    displayName: "quick",
    testMatch: ["<rootDir>/test/**/*.test.ts"],
    testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/e2e/", "<rootDir>/test/fidelity/clients/"],
  },
  {
    ...shared,
    displayName: "e2e",
    testMatch: ["<rootDir>/test/e2e/*.test.ts", "<rootDir>/test/fidelity/clients/**/*.test.ts"],
  },
  { ...shared, displayName: "kubernetes", testMatch: ["<rootDir>/test/e2e/kubernetes/**/*.test.ts"] },
];

/** Jest takes every word after `--selectProjects` for a project, and would run all of them instead of the path that was meant. */
function refuseUnknownProjects() {
  const from = process.argv.indexOf("--selectProjects");
  if (from < 0) return;
  const words = process.argv.slice(from + 1);
  const to = words.findIndex((word) => word.startsWith("-"));
  const unknown = (to < 0 ? words : words.slice(0, to)).filter((word) =>
    projects.every(({ displayName }) => displayName !== word),
  );
  if (unknown.length === 0) return;
  throw new Error(`${unknown.join(" ")}: not a project. Write paths first: npx jest PATH --selectProjects quick`);
}
refuseUnknownProjects();

// A deadline for what hangs, not a measure: a busy machine is slow. End-to-end tests name their own.
const testTimeout = 60_000;

module.exports = { testSequencer: "<rootDir>/scripts/longestFirst.cjs", testTimeout, projects };
