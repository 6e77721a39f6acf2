import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import pino from "pino";
import type { DataPlane } from "../../../../src/rehearsal/cloud/balancer/dataPlane.js";
import { Clock } from "../../../../src/rehearsal/cloud/clock.js";
import { Closers } from "../../../../src/rehearsal/cloud/closers.js";
import { KubernetesControllers } from "../../../../src/rehearsal/cloud/kubernetes/kubernetesControllers.js";
import { Authority } from "../../../../src/rehearsal/cloud/tls/authority.js";

const directory = mkdtempSync(path.join(os.tmpdir(), "hitless-closing-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** An API server that has nothing, takes everything, and lets watches wait. */
async function emptyServer(): Promise<{ server: Server; kubeconfig: string }> {
  const server = createServer((request, response) => {
    if (request.url?.includes("watch=true")) return void response.writeHead(200).flushHeaders();
    response.setHeader("content-type", "application/json");
    request.resume().on("end", () => response.end('{"items":[],"metadata":{"resourceVersion":"1"}}'));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const kubeconfig = path.join(directory, "kubeconfig");
  const cluster = { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: "c", cluster }],
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      users: [{ name: "u", user: { token: "t" } }],
      "current-context": "c",
    }),
  );
  return { server, kubeconfig };
}

test("controllers of a cluster that is gone end all the same, say what they could not take out, and ask no more", async () => {
  const { server, kubeconfig } = await emptyServer();
  const said: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void said.push(line) });
  const controllers = await KubernetesControllers.start({
    kubeconfig,
    cloudUrl: "http://127.0.0.1:1",
    region: "us-east-1",
    clock: new Clock(1),
    authority: new Authority(),
    dataPlane: {} as DataPlane,
    addressPrefix: "127.9.9",
    everyClass: true,
    log,
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await expect(controllers.close()).rejects.toThrow(/the webhook: the Kubernetes API server .* cannot be reached/);
  const then = said.length;
  // A watch that went on would be begun anew, and fail, four times in this time.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(said).toHaveLength(then);
});

test("each part is ended, newest first, whether or not another fails", async () => {
  const ended: string[] = [];
  const closers = new Closers("The shop");
  for (const what of ["till", "door", "light"]) {
    closers.add(what, async () => {
      ended.push(what);
      if (what !== "till") throw new Error("stuck");
    });
  }
  await expect(closers.close()).rejects.toThrow("The shop did not stop cleanly. light: stuck; door: stuck");
  expect(ended).toEqual(["light", "door", "till"]);
  await closers.close();
});
