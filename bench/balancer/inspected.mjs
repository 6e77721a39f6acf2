// The memory of a Node process that knows nothing of it, through its inspector.
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "undici";

/** Where Node's inspector listens unless `--inspect-port` says otherwise. */
const USUAL_PORT = 9229;
const OPEN_SECONDS = 10;
const ANSWER_SECONDS = 30;
const MB = 1024 * 1024;

export class Inspected {
  #socket;
  #calls = new Map();
  #next = 1;

  /** Switches a process's inspector on (SIGUSR1) and connects to it. */
  static async open(name, pid, port = USUAL_PORT) {
    if (await inspectorAt(port)) throw new Error(`port ${port} is taken: ${name} cannot be inspected`);
    process.kill(pid, "SIGUSR1");
    const deadline = performance.now() + OPEN_SECONDS * 1000;
    let url = await inspectorAt(port);
    while (url === undefined) {
      if (performance.now() > deadline) throw new Error(`${name} has opened no inspector on port ${port}`);
      await sleep(50);
      url = await inspectorAt(port);
    }
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error(`${name} cannot be inspected at ${url}`)));
    });
    return new Inspected(name, socket);
  }

  constructor(name, socket) {
    this.name = name;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const { id, result, error } = JSON.parse(data);
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      if (error) call?.reject(new Error(`${name}: ${error.message}`));
      else call?.resolve(result);
    });
    socket.addEventListener("close", () => {
      for (const { reject } of this.#calls.values()) reject(new Error(`${name} has ended`));
    });
  }

  /** Megabytes: heap and buffers after a full collection, and resident memory. */
  async memory() {
    await this.#call("HeapProfiler.collectGarbage");
    const expression = "JSON.stringify(process.memoryUsage())";
    const { result } = await this.#call("Runtime.evaluate", { expression, returnByValue: true });
    const { heapUsed, external, rss } = JSON.parse(result.value);
    return { heap: (heapUsed + external) / MB, resident: rss / MB };
  }

  close() {
    this.#socket.close();
  }

  #call(method, params = {}) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.name} has not answered ${method} in ${ANSWER_SECONDS} s`)),
        ANSWER_SECONDS * 1000,
      );
      const settle = (how) => (value) => {
        clearTimeout(timer);
        how(value);
      };
      this.#calls.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

async function inspectorAt(port) {
  try {
    const [target] = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
    return target?.webSocketDebuggerUrl;
  } catch {
    return undefined; // nothing listens (yet)
  }
}
