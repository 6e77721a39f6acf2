import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { openListener } from "../../../../src/rehearsal/cloud/host/listeners.js";

test("a connection that comes too early is passed on, with nothing read of it", async () => {
  const early: Socket[] = [];
  const server = await openListener("127.0.0.1", 0, (socket) => early.push(socket));
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(client, "connect");
  client.write("a request");
  while (early.length === 0) await new Promise(setImmediate);
  const [socket] = early as [Socket];
  expect(socket.bytesRead).toBe(0);
  socket.resume();
  expect(String((await once(socket, "data"))[0])).toBe("a request");
  client.destroy();
  server.close();
});

test("a port in use is refused with the system's code", async () => {
  const server = await openListener("127.0.0.1", 0, () => undefined);
  const { port } = server.address() as AddressInfo;
  await expect(openListener("127.0.0.1", port, () => undefined)).rejects.toMatchObject({ code: "EADDRINUSE" });
  server.close();
});
