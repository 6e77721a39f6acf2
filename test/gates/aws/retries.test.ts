import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { GateRetries } from "../../../src/gates/aws/retries.js";

const { STSClient, GetCallerIdentityCommand } = jest.requireActual("@aws-sdk/client-sts");

/** How often a call was tried that failed in the end. */
async function attemptsAt(endpoint: string, maxAttempts: number): Promise<number> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const retryStrategy = new GateRetries(maxAttempts);
  const client = new STSClient({ region: "us-east-1", endpoint, credentials, retryStrategy });
  try {
    await client.send(new GetCallerIdentityCommand({}));
  } catch (error) {
    return (error as { $metadata: { attempts: number } }).$metadata.attempts;
  }
  throw new Error("the call should have failed");
}

test.each([
  { maxAttempts: 12, attempts: 5 },
  { maxAttempts: 2, attempts: 2 },
])("where nobody listens, $attempts of at most $maxAttempts tries are made", async ({ maxAttempts, attempts }) => {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  expect(await attemptsAt(`http://127.0.0.1:${port}`, maxAttempts)).toBe(attempts);
});

test("where AWS itself fails, every try is made", async () => {
  jest.spyOn(Math, "random").mockReturnValue(0); // no pause between the tries
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(500).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    expect(await attemptsAt(`http://127.0.0.1:${port}`, 7)).toBe(7);
  } finally {
    jest.restoreAllMocks();
    server.close();
  }
});
