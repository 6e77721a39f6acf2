import { createServer } from "node:net";
import { parseAddress } from "../addresses.js";

/** Where an instance without a network of its own listens. */
export interface LoopbackAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * An address for an instance: 127.78.x.y by its private address where every 127.x.y.z is there (Linux), else 127.0.0.1; and
 * a port that nothing else uses there.
 * @param taken "host:port" pairs that were given away and may not be listened on yet
 */
export async function loopbackAddress(privateIpAddress: string, taken: ReadonlySet<string>): Promise<LoopbackAddress> {
  const host = loopbackHost(privateIpAddress);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = await freePort(host);
    if (!taken.has(`${host}:${port}`)) return { host, port };
  }
  throw new Error(`no free port was found on ${host}`);
}

/** 127.78.x.y by the private address where every 127.x.y.z is there (Linux), else 127.0.0.1. */
export function loopbackHost(privateIpAddress: string): string {
  const address = parseAddress(privateIpAddress);
  return process.platform === "linux" ? `127.78.${(address >>> 8) & 0xff}.${address & 0xff}` : "127.0.0.1";
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => reject(new Error(`no port can be opened on ${host}: ${error.message}`)));
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object"
          ? resolve(address.port)
          : reject(new Error(`no port on ${host}`)),
      );
    });
  });
}
