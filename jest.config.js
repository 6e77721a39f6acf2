/** Fast tests live anywhere under test/; those that start the real engine live in test/e2e. */
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
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/e2e/"],
    },
    { ...shared, displayName: "e2e", testMatch: ["<rootDir>/test/e2e/**/*.test.ts"] },
  ],
};
