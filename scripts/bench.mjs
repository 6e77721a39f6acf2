// What performance claims rest on: paired runs, medians, ratios. Exit code 1 when an aim is missed.
import { benchBalancer } from "../bench/balancer.mjs";
import { benchImport } from "../bench/import.mjs";
import { benchKubernetes } from "../bench/kubernetes.mjs";
import { benchLoad } from "../bench/load.mjs";
import { benchMinistack } from "../bench/ministack.mjs";
import { benchPaperRefresh } from "../bench/paperRefresh.mjs";
import { benchPolicy } from "../bench/policy.mjs";
import { benchPreview } from "../bench/preview.mjs";
import { benchRollout } from "../bench/rollout.mjs";
import { benchSoak } from "../bench/soak.mjs";
import { Verdict } from "../bench/statistics.mjs";
import { benchSwitchTime } from "../bench/switchTime.mjs";
import { root, setup } from "./setup.mjs";

const all = {
  import: benchImport,
  preview: benchPreview,
  rollout: benchRollout,
  switchTime: benchSwitchTime,
  balancer: benchBalancer,
  ministack: benchMinistack,
  load: benchLoad,
  soak: benchSoak,
  paperRefresh: benchPaperRefresh,
  policy: benchPolicy,
  kubernetes: benchKubernetes,
};
const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in all)) {
    console.error(`unknown bench "${name}"; there are: ${Object.keys(all).join(", ")}`);
    process.exit(2);
  }
}
await setup();
const verdict = new Verdict();
for (const [name, bench] of Object.entries(all)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench({ root, verdict });
}
process.exitCode = verdict.missed > 0 ? 1 : 0;
