import type { LoadCounts, LoadOptions, LoadSummary } from "./model.js";

/** What the parent says to the load generator's process. */
export type ToLoad =
  | { readonly type: "start"; readonly options: LoadOptions }
  | { readonly type: "counts"; readonly id: number }
  | { readonly type: "window"; readonly id: number; readonly from: number; readonly to: number }
  | { readonly type: "stop" };

/** What it answers. */
export type FromLoad =
  | { readonly type: "started"; readonly at: number }
  | { readonly type: "answer"; readonly id: number; readonly counts: LoadCounts }
  | { readonly type: "summary"; readonly summary: LoadSummary }
  | { readonly type: "failed"; readonly reason: string };
