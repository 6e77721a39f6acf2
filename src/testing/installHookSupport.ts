import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

type Callback = (error: Error | null, response: object) => void;
type WithHooks = { registerResourceHook?: (request: unknown, callback: Callback) => void; registerErrorHook?: unknown };

/**
 * Lets resources that carry hooks be created under `pulumi.runtime.setMocks`. Pulumi's mock monitor lacks the two methods that
 * register hooks, so without this every such resource fails with `registerResourceHook is not a function`. Hooks are
 * registered, but not run: mocks create nothing that could be waited for. Calling it again does nothing.
 */
export function installHookSupport(): void {
  const prototype = MockMonitor.prototype as unknown as WithHooks;
  const accept = (_request: unknown, callback: Callback): void => callback(null, {});
  prototype.registerResourceHook ??= accept;
  prototype.registerErrorHook ??= accept;
}
