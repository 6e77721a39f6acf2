import type { Clock } from "../clock.js";
import type { ServiceId } from "../service.js";

/** What a question was answered at one moment. */
interface Past {
  readonly at: number;
  readonly answer: { readonly output: unknown } | { readonly error: unknown };
}

/** Questions whose past is kept; the one that was asked longest ago is forgotten first. */
const mostQuestions = 1000;
const reads = /^(Describe|List)/;

/**
 * Eventual consistency on request: a question (Describe…, List…) gets the answer that the very same question got `delaySeconds`
 * ago. A question that is asked for the first time is answered as things are. So who asks, changes something and asks again
 * does not see the change at once, which is what programs trip over at AWS.
 */
export class StaleReads {
  /** AWS seconds; 0 switches it off. */
  delaySeconds = 0;
  readonly #questions = new Map<string, Past[]>();

  constructor(private readonly clock: Clock) {}

  /** The answer to a call: the present one, or one of the past. */
  async answer(
    call: { service: ServiceId; operation: string; input: unknown },
    present: () => unknown,
  ): Promise<unknown> {
    if (this.delaySeconds <= 0 || !reads.test(call.operation)) return present();
    const past = this.#past(JSON.stringify([call.service, call.operation, call.input]));
    const now = this.clock.now();
    past.push({ at: now, answer: await settle(present) });
    const oldest = now - this.clock.toRealMs(this.delaySeconds);
    // The newest answer that is old enough; everything before it is never asked for again.
    while (past.length > 1 && (past[1] as Past).at <= oldest) past.shift();
    const { answer } = past[0] as Past;
    if ("error" in answer) throw answer.error;
    return answer.output;
  }

  #past(question: string): Past[] {
    const past = this.#questions.get(question) ?? [];
    this.#questions.delete(question);
    this.#questions.set(question, past);
    if (this.#questions.size > mostQuestions) {
      const [first] = this.#questions.keys();
      if (first !== undefined) this.#questions.delete(first);
    }
    return past;
  }
}

async function settle(present: () => unknown): Promise<Past["answer"]> {
  try {
    // A copy: what is answered later must not have changed with what it was taken from.
    return { output: structuredClone(await present()) };
  } catch (error) {
    return { error };
  }
}
