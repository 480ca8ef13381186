import * as z from 'zod';
import type { Failure } from '../control-record.ts';

/** What a Lambda that refused puts into `errorMessage`: see lambdas/step.ts. */
const RefusalMessage = z.object({
  message: z.string(),
  next: z.string().optional(),
  facts: z.record(z.string(), z.unknown()).optional(),
});
const LambdaCause = z.object({ errorMessage: z.string() });
const Findings = z.array(z.record(z.string(), z.unknown()));

/** Reads a Step Functions error output into what people are told: code, sentence, next step, and the findings of the gate that said no. */
export function failureOf({
  Error: code,
  Cause: cause,
}: {
  Error?: string | null | undefined;
  Cause?: string | null | undefined;
}): Failure {
  const message = LambdaCause.safeParse(parsed(cause)).data?.errorMessage ?? cause ?? 'no cause was given';
  const refusal = RefusalMessage.safeParse(parsed(message)).data;
  const findings = Findings.safeParse(refusal?.facts?.['findings']).data;
  return {
    code: code ?? 'Unknown',
    message: refusal?.message ?? message,
    ...(refusal?.next !== undefined && { next: refusal.next }),
    ...(findings && { findings }),
  };
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined; // plain text is a message too
  }
}
