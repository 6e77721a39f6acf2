/**
 * The arithmetic of one moment of an instance refresh: how many instances to take away and how many to launch so that the
 * bounds hold at every moment and as much as possible is replaced at once. Pure; who goes first is decided elsewhere.
 */
export interface PlanInput {
  readonly desired: number;
  readonly minHealthy: number;
  readonly maxTotal: number;
  /** Instances that stay (new ones, matching ones, those that are left alone): pending or in service. */
  readonly kept: number;
  /** Of those, in service, healthy and ready to use. */
  readonly keptReady: number;
  /** Instances to be replaced, by what they are worth now. */
  readonly old: {
    /** Unhealthy, or of a configuration that is being rolled back and not ready: worth nothing, free to go. */
    readonly broken: number;
    /** Not in service yet: worth nothing now, but perhaps soon. */
    readonly coming: number;
    /** In service and, in Auto Scaling's eyes, healthy. */
    readonly serving: number;
  };
  /** How many more old instances may be replaced before the next checkpoint. */
  readonly allowance: number;
}

export interface Plan {
  readonly broken: number;
  readonly coming: number;
  readonly serving: number;
  readonly launch: number;
}

export function planStep(input: PlanInput): Plan {
  const { desired, minHealthy, maxTotal, kept, keptReady, old } = input;
  const oldCount = old.broken + old.coming + old.serving;
  const total = kept + oldCount;
  const healthy = keptReady + old.serving;
  // A scale-in while the refresh runs takes old instances first, whatever the checkpoint says.
  let budget = Math.max(0, input.allowance, Math.min(oldCount, total - desired));
  const take = (count: number): number => {
    const taken = Math.max(0, Math.min(count, budget));
    budget -= taken;
    return taken;
  };
  const broken = take(old.broken);
  // While fewer than the minimum are healthy, what is still coming may be what is missing: it is left alone.
  const coming = healthy >= minHealthy ? take(old.coming) : 0;
  const serving = take(Math.min(old.serving, healthy - minHealthy));
  const gone = broken + coming + serving;
  // Every old instance that is left may yet be replaced within the allowance; the others keep their place.
  const replaceable = Math.min(oldCount - gone, Math.max(0, input.allowance - gone));
  const stays = total - gone - replaceable;
  const launch = Math.max(0, Math.min(maxTotal - (total - gone), desired - stays));
  return { broken, coming, serving, launch };
}
