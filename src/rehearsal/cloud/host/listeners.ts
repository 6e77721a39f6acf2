import { createServer, type Server, type Socket } from "node:net";

/**
 * Opens a listening socket for a balancer, in this process's network; rejects with the system's error, code included. A
 * connection that arrives before the socket has been handed over goes to `onEarly`, unread, so that not even that one is lost.
 */
export function openListener(address: string, port: number, onEarly: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ pauseOnConnect: true }, onEarly);
    server.once("error", reject);
    server.listen({ host: address, port, backlog: 4096 }, () => {
      server.off("error", reject);
      // It is handed over or closed from now on; a failure to accept meanwhile is no reason to end the process.
      server.on("error", () => undefined);
      resolve(server);
    });
  });
}
