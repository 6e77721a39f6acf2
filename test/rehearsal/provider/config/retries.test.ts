import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { explain } from "../../../../src/rehearsal/provider/awsErrors.js";
import { retriesOf } from "../../../../src/rehearsal/provider/config/retries.js";

const { STSClient, GetCallerIdentityCommand } = jest.requireActual("@aws-sdk/client-sts");

function client(endpoint: string, maxRetries: number) {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return new STSClient({ region: "us-east-1", endpoint, credentials, retryStrategy: retriesOf(maxRetries) });
}

async function failure(call: Promise<unknown>): Promise<Error & { $metadata: { attempts: number } }> {
  return call.then(
    () => Promise.reject(new Error("the call should have failed")),
    (error) => error,
  );
}

async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("a refused connection is told after a few tries, in our words", async () => {
  const port = await closedPort();
  const error = await failure(client(`http://127.0.0.1:${port}`, 24).send(new GetCallerIdentityCommand({})));
  expect(error.$metadata.attempts).toBe(5);
  expect(explain(error)).toContain(
    `no AWS endpoint answers at 127.0.0.1:${port} (ECONNREFUSED). Fix: start the local cloud`,
  );
});

test("fewer retries than that stay fewer", async () => {
  const error = await failure(
    client(`http://127.0.0.1:${await closedPort()}`, 1).send(new GetCallerIdentityCommand({})),
  );
  expect(error.$metadata.attempts).toBe(2);
});

test("where AWS throttles, every retry that was asked for is made", async () => {
  jest.spyOn(Math, "random").mockReturnValue(0); // no pause between the tries
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    request.resume();
    response.writeHead(503, { "content-type": "text/xml" });
    response.end(
      "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>",
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const strategy = client(`http://127.0.0.1:${port}`, 6);
    await failure(strategy.send(new GetCallerIdentityCommand({})));
    expect(calls).toBe(7);
  } finally {
    jest.restoreAllMocks();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
