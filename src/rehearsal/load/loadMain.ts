/**
 * The load generator's process. It lives apart from the rehearsal, so that nothing else's work delays a request, and speaks
 * `ToLoad` and `FromLoad` over the IPC channel; it ends with its parent.
 */
import { LoadGenerator } from "./generator.js";
import type { FromLoad, ToLoad } from "./protocol.js";

let generator: LoadGenerator | undefined;

function say(message: FromLoad): void {
  process.send?.(message);
}

function running(): LoadGenerator {
  if (generator === undefined) throw new Error("the load has not been started");
  return generator;
}

async function obey(message: ToLoad): Promise<void> {
  switch (message.type) {
    case "start":
      if (generator !== undefined) throw new Error("the load runs already");
      generator = new LoadGenerator(message.options);
      return say({ type: "started", at: generator.startedAt });
    case "counts":
      return say({ type: "answer", id: message.id, counts: running().counts() });
    case "window":
      return say({ type: "answer", id: message.id, counts: running().window(message.from, message.to) });
    case "stop":
      return say({ type: "summary", summary: await running().stop() });
  }
}

if (process.send === undefined) {
  process.stderr.write(
    "loadMain is started by `hitless rehearse`, with an IPC channel; it is no command of its own.\n",
  );
  process.exit(2);
}
process.on("message", (message: ToLoad) => {
  obey(message).catch((error: Error) => say({ type: "failed", reason: error.message }));
});
process.on("disconnect", () => process.exit(0));
// Ctrl-C in a terminal reaches the whole foreground group: the parent decides when the load ends.
process.on("SIGINT", () => {});
