import { type Finding, refusal } from "../../errors/faults.js";
import { percentOf, sameShares } from "../../plan/weights.js";
import type { ForwardAction } from "../balancerCloud.js";
import { type GateState, runGate } from "../gate.js";
import type { Stage } from "../stage.js";
import { describeShares } from "./shares.js";

/** How long AWS may go on telling the weights from before a change that it has accepted. */
const READ_BACK_SECONDS = 60;

export interface MoveContext extends Stage {
  readonly request: { readonly subject: string; readonly entranceArn: string };
}

/** Sets the weights of an entrance, one call a time, and reads each back. */
export class Mover {
  /** What the entrance has had since the shift began, oldest first. */
  readonly #set: ForwardAction[];

  constructor(
    private readonly context: MoveContext,
    before: ForwardAction,
    private readonly nameOf: (targetGroupArn: string) => string,
  ) {
    this.#set = [before];
  }

  /** What it set last, or what was there when the shift began. */
  get last(): ForwardAction {
    return this.#set.at(-1) as ForwardAction;
  }

  /** When it last set weights; nothing when it has not. */
  movedAt: number | undefined;

  get moved(): boolean {
    return this.#set.length > 1;
  }

  /** True for what this shift has found or made: anything else comes from somebody else. */
  knows(action: ForwardAction): boolean {
    return this.#set.some((set) => sameShares(set, action));
  }

  async move(next: ForwardAction): Promise<void> {
    const { context } = this;
    const { request, cloud } = context;
    const found = await cloud.forwardAction(request.entranceArn);
    if (!found || !sameShares(found, this.last)) throw movedByOthers(context, found, this.last, this.nameOf);
    await context.assertWatched();
    const before = this.last;
    this.#set.push(next); // before the call: one that fails may have been carried out all the same
    await cloud.setForwardAction(request.entranceArn, next);
    this.movedAt = context.pace.now();
    await this.readBack(next, before);
  }

  /** Waits until AWS tells what was set; refuses when it tells what nobody here has set. */
  async readBack(wanted: ForwardAction, before: ForwardAction): Promise<void> {
    const { request, cloud } = this.context;
    let found: ForwardAction | undefined;
    await runGate(
      {
        name: "read back",
        waitsFor: `${cloud.balancerWords.name} to tell the weights that were set`,
        deadlineSeconds: READ_BACK_SECONDS,
        check: async (): Promise<GateState> => {
          found = await cloud.forwardAction(request.entranceArn);
          if (found && sameShares(found, wanted)) return { state: "passed" };
          if (!found || !sameShares(found, before)) {
            return { state: "refused", error: movedByOthers(this.context, found, wanted, this.nameOf) };
          }
          return {
            state: "waiting",
            progress: `${cloud.balancerWords.name} still tells the weights from before the change`,
          };
        },
        expired: () => movedByOthers(this.context, found, wanted, this.nameOf),
      },
      this.context,
    );
  }
}

/** The refusal when AWS has other weights than the ones that were set. */
export function movedByOthers(
  { request: { subject }, cloud }: MoveContext,
  found: ForwardAction | undefined,
  expected: ForwardAction,
  nameOf: (targetGroupArn: string) => string,
) {
  const has = found ? describeShares(percentOf(found), nameOf) : "no forward action any more";
  const finding: Finding = {
    code: "HIT341",
    problem: `${cloud.balancerWords.name} has ${has}, where ${describeShares(percentOf(expected), nameOf)} was set: somebody else moves the weights of this entrance.`,
    fix: `find who does (${cloud.balancerWords.whoMoves}), stop that, then run \`pulumi up\` again`,
  };
  return refusal(subject, finding);
}
