/**
 * Fast tests live anywhere under test/; those that start the real engine live in test/e2e, and those that start clients from
 * elsewhere (AWS CLI, botocore, moto, Go) in test/fidelity/clients. Those in test/long take many minutes and run on demand only:
 * `npx jest --selectProjects long`.
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
  },
};
module.exports = {
  projects: [
    {
      ...shared,
      displayName: "quick",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: [
        "/node_modules/",
        "<rootDir>/test/e2e/",
        "<rootDir>/test/fidelity/clients/",
        "<rootDir>/test/long/",
      ],
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts", "<rootDir>/test/fidelity/clients/**/*.test.ts"],
    },
    { ...shared, displayName: "long", testMatch: ["<rootDir>/test/long/**/*.test.ts"] },
  ],
};
