/** What a provider does when its engine goes away in the middle. */
import { once } from "node:events";
import { Provider, type Surroundings } from "../../../src/rehearsal/provider/provider.js";
import { startProviderServer } from "../../../src/rehearsal/provider/server.js";
import { EngineDouble } from "./engineDouble.js";

/** A creation that lasts until it is broken off. */
class Lasting extends Provider {
  readonly begun: Promise<void>;
  readonly broken: Promise<unknown>;
  private begin: () => void = () => undefined;
  private end: (reason: unknown) => void = () => undefined;

  constructor(...args: ConstructorParameters<typeof Provider>) {
    super(...args);
    this.begun = new Promise((resolve) => {
      this.begin = resolve;
    });
    this.broken = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  override async create(_urn: string, _inputs: unknown, { signal }: Surroundings): Promise<never> {
    const aborted = once(signal, "abort");
    this.begin();
    await aborted;
    this.end(signal.reason);
    throw signal.reason;
  }
}

test.each([
  [
    "its connection breaks",
    async (engine: EngineDouble, { begun }: Lasting) => engine.abandonCreate("aws:a:B", "x", begun),
  ],
  [
    "the server is closed",
    async (engine: EngineDouble, { begun }: Lasting, close: () => Promise<void>) => {
      engine.create("aws:a:B", "x", {}).catch(() => undefined);
      await begun;
      await close();
    },
  ],
])("what is under way ends when %s", async (_when, breakOff) => {
  let provider: Lasting | undefined;
  const server = await startProviderServer({
    environment: {},
    speed: 1,
    makeProvider: (config) => {
      provider = new Lasting(config, 1);
      return provider;
    },
  });
  const engine = new EngineDouble(server.port);
  await engine.configure({ region: "us-east-1", skipCredentialsValidation: "true" });
  await breakOff(engine, provider as Lasting, () => server.close());
  expect(String(await provider?.broken)).toContain("engine");
  engine.close();
  await server.close();
});

test("a connection that was never configured is told so", async () => {
  const server = await startProviderServer({ environment: {}, speed: 1 });
  const engine = new EngineDouble(server.port);
  await expect(engine.check("aws:lb/listener:Listener", "x", {})).rejects.toThrow(/not configured on this connection/);
  engine.close();
  await server.close();
});
