import * as path from "node:path";
import { pino } from "pino";
import { LocalCloud } from "../../../src/rehearsal/cloud/cloud.js";
import { describeWith, pythonTools } from "./python.js";
import { run } from "./run.js";

const userData = `#!/bin/bash
exec "${process.execPath}" -e '
  require("http").createServer((request, response) => response.end("hello"))
    .listen(process.env.PORT || 80, process.env.HOST || "0.0.0.0")'
`;

describeWith(pythonTools(), "the AWS CLI", (bin) => {
  test("builds a balanced group from nothing, shifts weights, refreshes its instances and takes all down", async () => {
    const cloud = await LocalCloud.start({ port: 0, speed: 20, log: pino({ level: "silent" }) });
    try {
      const out = await run("bash", [path.join(__dirname, "awscli.sh")], {
        url: cloud.url,
        env: {
          AWS: path.join(bin, "aws"),
          NODE: process.execPath,
          USER_DATA: Buffer.from(userData).toString("base64"),
        },
      });
      expect(out.trim().split("\n").at(-1)).toBe("done");
      expect(cloud.snapshot()).toMatchObject({ groups: [], targetGroups: [], listeners: [] });
    } finally {
      await cloud.close();
    }
  }, 180_000);
});
