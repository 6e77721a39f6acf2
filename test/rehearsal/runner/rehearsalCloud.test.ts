import { existsSync } from "node:fs";
import { attachCloud, startCloud } from "../../../src/rehearsal/runner/rehearsalCloud.js";
import { until } from "./scratch.js";

const onLinux = existsSync("/dev/full") ? test : test.skip;

onLinux(
  "a full disk under the cloud's log is told, and ends nothing",
  async () => {
    const cloud = await startCloud(1, "/dev/full", new AbortController().signal, { isolation: "paper" });
    try {
      expect(cloud).toMatchObject({ isolation: "paper", attached: false });
      // What it prints comes by another way than the news that it serves.
      await until(() => cloud.logTrouble() !== undefined);
      expect(cloud.logTrouble()).toMatch(/^the local cloud's log is not whole: ENOSPC/);
      expect(cloud.ended()).toBeUndefined();
      const attached = await attachCloud(cloud.link.url, 1, { isolation: "paper" });
      expect(attached.logTrouble()).toBeUndefined();
      expect(await attached.link.trust()).toMatch(/^-----BEGIN CERTIFICATE-----/);
      expect(attached.zones).toEqual(["us-east-1a", "us-east-1b", "us-east-1c"]);
    } finally {
      await cloud.close();
    }
  },
  60_000,
);
