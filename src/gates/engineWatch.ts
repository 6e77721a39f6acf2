import { connect } from "node:net";
import * as state from "@pulumi/pulumi/runtime/state";
import { refusal } from "../errors/faults.js";

/** Longer than any loopback connection takes, also on a busy machine. */
const CONNECT_TIMEOUT_MS = 5000;

/**
 * A check that the engine which runs this program is still there. After a `kill -9` of the engine the program's process lives
 * on for a while, in the middle of its hooks; if it went on, it might roll back what the next `pulumi up` has just joined. The
 * SDK does not tell (failed logs are dropped), so ask the engine's port. Call it while the program is built: under the
 * Automation API the address is known only there.
 */
export function engineWatch(subject: string): () => Promise<void> {
  const address = engineAddress();
  if (address === undefined) return () => Promise.resolve();
  return async () => {
    if (await answers(address)) return;
    throw refusal(subject, {
      code: "HIT330",
      problem: "the Pulumi engine that ran this update has gone, so this gate stops.",
      fix: "run `pulumi up` again (after `pulumi cancel` if the stack is locked): it joins the rollout that is running",
    });
  };
}

function engineAddress(): { host: string; port: number } | undefined {
  // The store is not part of the SDK's documented surface; the variable says the same for a program that the CLI started.
  const { getStore } = state as { getStore?: () => { settings?: { options?: { engineAddr?: string } } } };
  const address = getStore?.().settings?.options?.engineAddr || process.env.PULUMI_NODEJS_ENGINE;
  const match = address === undefined ? undefined : /^(.*):(\d+)$/.exec(address);
  return match ? { host: (match[1] as string).replace(/^\[|\]$/g, ""), port: Number(match[2]) } : undefined;
}

function answers({ host, port }: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => settle(true)); // slow is not gone: only a refusal proves that
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}
