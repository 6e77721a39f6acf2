import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { engineWatch } from "../../src/gates/engineWatch.js";

const before = process.env.PULUMI_NODEJS_ENGINE;
afterEach(() => {
  if (before === undefined) delete process.env.PULUMI_NODEJS_ENGINE;
  else process.env.PULUMI_NODEJS_ENGINE = before;
});

// First: Pulumi's runtime reads its variables once.
test("without an engine, as under mocks, there is nothing to watch", async () => {
  delete process.env.PULUMI_NODEJS_ENGINE;
  await expect(engineWatch("x")()).resolves.toBeUndefined();
});

test("holds while the engine listens, and refuses once it has gone", async () => {
  const engine = createServer((socket) => socket.on("error", () => {})).listen(0, "127.0.0.1");
  await once(engine, "listening");
  process.env.PULUMI_NODEJS_ENGINE = `127.0.0.1:${(engine.address() as AddressInfo).port}`;
  const assertWatched = engineWatch('RollingFleet "web"');
  await assertWatched();
  engine.close();
  await once(engine, "close");
  await expect(assertWatched()).rejects.toMatchObject({ codes: ["HIT330"] });
});
