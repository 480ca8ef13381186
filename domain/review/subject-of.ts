import type { Run } from '../control-record.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';

/** The run that a run of the machine `review` is about. Refuses (NoIntent) a review that names none. */
export async function subjectOf(
  { id, request }: Run,
  { records }: { readonly records: Pick<Ports['records'], 'get'> },
): Promise<Run> {
  const subject = await records.get('RUN', String(request['reviews']));
  if (!subject) throw new Refusal('NoIntent', `${id} names no run that it reviews`, 'look at the list of reviews');
  return subject;
}
