import { type Host, startHost } from "../../../../src/rehearsal/cloud/host/host.js";
import { instanceSpec } from "../instances/spec.js";
import { eventually, exitOf, keepingLogger, processesWith } from "./support.js";

describe("instances on paper", () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost({ speed: 1000, log: keepingLogger().log, isolation: "paper" });
  });
  afterAll(() => host.close());

  test("are answered for by the host itself, a hundred at once, and none has a process", async () => {
    expect(host.runtime.isolation).toBe("paper");
    const processes = processesWith("", process.pid).length;
    const specs = Array.from({ length: 100 }, (_, i) => instanceSpec(i + 4, "#!/bin/sh\nexec sleep 123456\n"));
    const endpoints = await Promise.all(specs.map((spec) => host.runtime.start(spec)));
    expect(new Set(endpoints.map(({ host: address, port }) => `${address}:${port}`)).size).toBe(100);
    const answers = (index: number) =>
      fetch(`http://${endpoints[index]?.host}:${endpoints[index]?.port}/`).then(
        (response) => response.headers.get("x-version") === "v1",
        () => false,
      );
    for (const index of endpoints.keys()) await eventually(`instance ${index} answers`, () => answers(index));
    expect(processesWith("sleep 123456")).toHaveLength(0);
    expect(await host.runtime.cpuSeconds()).toEqual({});
    expect(processesWith("", process.pid).length).toBe(processes);
    const [first] = specs;
    if (!first) throw new Error("there are a hundred");
    const exit = exitOf(host.runtime, first.instanceId);
    await host.runtime.stop(first.instanceId, 10_000);
    expect(await exit).toEqual({ instanceId: first.instanceId, exitCode: 0, signal: null, expected: true });
    expect(await answers(0)).toBe(false);
    expect(await host.runtime.console(first.instanceId)).toContain("a paper instance: user data is not run");
  });
});
