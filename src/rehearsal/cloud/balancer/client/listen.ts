import type { Server } from "node:net";

/** Opens a listening socket; the caller attaches the handler. */
export type Listen = (address: string, port: number) => Promise<Server>;

/** Opens a listener's socket, or says in one sentence why not and what to do. */
export async function openListener(listen: Listen, balancer: string, address: string, port: number): Promise<Server> {
  try {
    return await listen(address, port);
  } catch (error) {
    throw new Error(
      `Load balancer "${balancer}" cannot listen on ${address}:${port}: ${remedy(error, address, port)}`,
      {
        cause: error,
      },
    );
  }
}

function remedy(error: unknown, address: string, port: number): string {
  const { code, message } = error as NodeJS.ErrnoException;
  // Errors that crossed a process border may have kept their code in the message only.
  const known = (wanted: string): boolean => code === wanted || (code === undefined && `${message}`.includes(wanted));
  if (known("EADDRINUSE")) {
    return "the port is in use; stop the process that has it, or give the listener another port.";
  }
  if (known("EACCES")) {
    return (
      `ports below ${port < 1024 ? 1024 : port + 1} need more rights than this user has; run ` +
      `"sudo sysctl net.ipv4.ip_unprivileged_port_start=${port}" or give the listener a port of 1024 or above.`
    );
  }
  if (known("EADDRNOTAVAIL")) {
    return `this machine does not have the address; on macOS run "sudo ifconfig lo0 alias ${address} up".`;
  }
  return `${message}.`;
}
