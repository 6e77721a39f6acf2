import * as path from "node:path";
import { pino } from "pino";
import { LocalCloud } from "../../../src/rehearsal/cloud/cloud.js";
import { servedOperations } from "../served.js";
import { describeWith, pythonTools } from "./python.js";
import { run } from "./run.js";

describeWith(pythonTools(), "botocore", (bin) => {
  test("every served operation answers as AWS's own model says", async () => {
    const served = await servedOperations();
    const cloud = await LocalCloud.start({ port: 0, speed: 20, log: pino({ level: "silent" }), isolation: "loopback" });
    try {
      const out = await run(path.join(bin, "python"), [path.join(__dirname, "botocore_driver.py")], {
        url: cloud.url,
        input: JSON.stringify({ served }),
      });
      expect(JSON.parse(out)).toEqual({
        faults: [],
        missed: [],
        called: Object.values(served).flat().length,
      });
    } finally {
      await cloud.close();
    }
  }, 180_000);
});
