// `pulumi preview` of 20 RollingFleets against the same resources written by hand.
import { readFileSync } from "node:fs";
import path from "node:path";
import { onCloud, timed } from "./onCloud.mjs";
import { paired } from "./statistics.mjs";

export async function benchPreview({ root, verdict, runs = 7 }) {
  await onCloud(root, async ({ scratch, pulumi }) => {
    const side = (program) => {
      const cwd = path.join(root, "bench/programs", program);
      const memoryFile = path.join(scratch, `${program}.memory`);
      return {
        init: () => pulumi(cwd, ["stack", "init", "bench"]),
        measure: async () => {
          const more = { HITLESS_BENCH_MEMORY_FILE: memoryFile };
          const ms = await timed(() => pulumi(cwd, ["preview", "--stack", "bench"], more));
          return { ms, kb: Number(readFileSync(memoryFile, "utf8")) };
        },
      };
    };
    const [ours, theirs] = [side("hitless"), side("by-hand")];
    await ours.init();
    await theirs.init();
    const median = await paired(runs, { ours: ours.measure, theirs: theirs.measure });
    for (const [key, unit] of [
      ["ms", "ms"],
      ["kb", "KB"],
    ]) {
      const [left, right] = [median("ours", key), median("theirs", key)];
      verdict.ratio(
        `preview of 20 RollingFleets against by hand, ${unit}`,
        left / right,
        1.1,
        `${left.toFixed(0)} / ${right.toFixed(0)}`,
      );
    }
  });
}
