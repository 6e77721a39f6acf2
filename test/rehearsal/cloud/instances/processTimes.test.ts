import { spawn } from "node:child_process";
import { once } from "node:events";
import { processTimes, secondsBelow } from "../../../../src/rehearsal/cloud/instances/processTimes.js";

test("seconds of a process and of everything below it", () => {
  const times = [
    { pid: 1, parent: 0, seconds: 100 },
    { pid: 10, parent: 1, seconds: 1 },
    { pid: 11, parent: 10, seconds: 2 },
    { pid: 12, parent: 11, seconds: 4 },
    { pid: 20, parent: 1, seconds: 8 },
  ];
  expect(secondsBelow(10, times)).toBe(7);
  expect(secondsBelow(99, times)).toBe(0);
});

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("what a process has worked is seen, also what a child of it had worked that is gone", async () => {
  // The command's name holds what would confuse a reader of /proc.
  const work = `const end = process.cpuUsage().user + 300000; while (process.cpuUsage().user < end);`;
  const script = `process.title = "a) R 1 (b"; require("child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(work)}]);
    console.log("done"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await once(child.stdout, "data");
    const pid = child.pid as number;
    const times = await processTimes();
    expect(times.find((time) => time.pid === pid)?.parent).toBe(process.pid);
    expect(secondsBelow(pid, times)).toBeGreaterThan(0.25);
  } finally {
    child.kill("SIGKILL");
  }
});
