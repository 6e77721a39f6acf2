import * as path from "node:path";
import { pino } from "pino";
import { LocalCloud } from "../../../src/rehearsal/cloud/cloud.js";
import { motoDifferences } from "./motoDifferences.js";
import { describeWith, pythonTools } from "./python.js";
import { run } from "./run.js";

describeWith(pythonTools(), "moto", (bin) => {
  test("answers the same calls alike, but for the differences that docs/fidelity.md lists", async () => {
    const cloud = await LocalCloud.start({ port: 0, speed: 20, log: pino({ level: "silent" }), isolation: "loopback" });
    try {
      const script = path.join(__dirname, "moto_compare.py");
      const { same, differences } = JSON.parse(await run(path.join(bin, "python"), [script], { url: cloud.url })) as {
        same: number;
        differences: string[];
      };
      expect(differences.filter((line) => !motoDifferences.some(({ lines }) => lines.test(line)))).toEqual([]);
      // A listed difference that is none any more is to be taken off the list.
      const gone = motoDifferences.filter(({ lines }) => !differences.some((line) => lines.test(line)));
      expect(gone.map(({ what }) => what)).toEqual([]);
      expect(same).toBeGreaterThan(200);
    } finally {
      await cloud.close();
    }
  }, 120_000);
});
