import { AwsError } from "../awsError.js";
import type { Operation } from "../service.js";

const longestMemory = 1000;

/**
 * Idempotency by `ClientToken`, which the SDKs send by themselves: a retried call answers as the first did, and the same token
 * with other parameters is AWS's `IdempotentParameterMismatch`. The newest thousand tokens are remembered.
 */
export class ClientTokens {
  private readonly answers = new Map<string, { asked: string; answer: unknown }>();

  once<Input extends { ClientToken?: string }, Output>(
    name: string,
    operation: Operation<Input, Output>,
  ): Operation<Input, Output> {
    return async (input, context) => {
      if (!input.ClientToken) return operation(input, context);
      const key = `${name} ${input.ClientToken}`;
      const asked = JSON.stringify(input);
      const before = this.answers.get(key);
      if (before) {
        if (before.asked === asked) return before.answer as Output;
        throw new AwsError(
          "IdempotentParameterMismatch",
          `The client token ${input.ClientToken} was used before with other parameters.`,
        );
      }
      const answer = await operation(input, context);
      this.answers.set(key, { asked, answer });
      const oldest = this.answers.keys().next().value;
      if (this.answers.size > longestMemory && oldest !== undefined) this.answers.delete(oldest);
      return answer;
    };
  }
}
