import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { answered } from '../resume/answered.ts';

const TRIES = 3;
const SILENT: readonly string[] = ['EngineUnreachable', 'VenueUnreachable'];

/** An answer, tried three times with a random pause between while nobody answers; the last refusal where there is none. A no is an answer, and faults are thrown. */
export async function insist<Answer>(
  ask: () => Promise<Answer>,
  { jitter }: Pick<Ports, 'jitter'>,
  tries = TRIES,
  attempt = 0,
): Promise<Answer | Refusal> {
  const said = await answered(ask());
  const isSilent = said instanceof Refusal && SILENT.includes(said.code);
  if (!isSilent || attempt + 1 >= tries) return said;
  await jitter(attempt);
  return insist(ask, { jitter }, tries, attempt + 1);
}
