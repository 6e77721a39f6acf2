// Starts the longest tests first: with two workers, one that begins last would keep the whole run waiting.
const { default: Sequencer } = require("@jest/test-sequencer");

/** By their real time, longest first, below test/; those that are not named here follow. */
const LONGEST = [
  "e2e/killedAnywhere",
  "e2e/canary",
  "e2e/blueGreen",
  "e2e/faults",
  "e2e/blueGreenRefused",
  "e2e/interrupted",
  "e2e/brokenReleases",
  "e2e/editSequences",
  "e2e/blueGreenFaults",
  "e2e/blueGreenNginx",
  "e2e/behindTheBack",
  "e2e/rollout",
  "e2e/canaryRefused",
  "rehearsal/runner/rehearse",
  "docs/codeBlocks",
  "strategies/canaryRelease/canaryRelease",
  "strategies/blueGreenPair/blueGreenPair",
  "strategies/blueGreenPair/hooks",
];

function rank({ path }) {
  const place = LONGEST.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
  return place < 0 ? LONGEST.length : place;
}

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    // Stable: what Jest itself knows of earlier runs orders the rest.
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
};
