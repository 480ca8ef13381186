import * as z from 'zod';
import { allEnded } from '../all-ended.ts';
import { beginRound, type CourierPorts } from './courier.ts';
import type { Matrix, Severity } from './matrix.ts';
import type { Message } from './message.ts';
import { settleMessage } from './settle-message.ts';

/** The event `messages.waiting` of the bus names what was committed just now. Anything else, the sweep of each minute among it, means all that waits. */
export const MessagesWaiting = z
  .object({ detail: z.object({ ids: z.array(z.string().min(1).max(400)).max(100) }) })
  .transform(({ detail }) => detail.ids)
  .catch([]);
export type MessagesWaiting = z.infer<typeof MessagesWaiting>;

/** How many messages one round takes, the most urgent first: what bounds its memory. The next round takes the rest. */
const AT_ONCE = 500;

const URGENCY: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/**
 * Runbook 6: one round of the courier. Takes the messages that it was woken for and all others that wait, most urgent first, and
 * carries them; one that cannot be carried keeps no other from being. Faults are thrown at the end, so that the call is made again.
 */
export async function sendMessages(ids: MessagesWaiting, ports: CourierPorts): Promise<{ summary: string }> {
  const { records } = ports;
  const matrix = await records.get('MATRIX', 'communications');
  if (!matrix) throw new Error('no communication matrix is registered: deploy the configuration again');
  const messages = await allThatWait(ids, ports);
  const courier = beginRound(ports);
  const taken = messages.toSorted(byUrgency(matrix)).slice(0, AT_ONCE);
  const carried = await allEnded(taken.map((message) => settleMessage(message, matrix, courier)));
  const settled = carried.filter((each) => each === 'settled').length;
  return { summary: `${settled} messages settled, ${messages.length - settled} wait` };
}

/** Those named, as they stand now, since lists may lag; and those of the list, each once. */
async function allThatWait(ids: readonly string[], { records }: CourierPorts): Promise<Message[]> {
  const [named, listed] = await Promise.all([
    Promise.all(ids.map((id) => records.get('MESSAGE', id))),
    records.all('MESSAGE'),
  ]);
  const known = new Set(ids);
  const all = [...named.flatMap((message) => message ?? []), ...listed.filter(({ id }) => !known.has(id))];
  return all.filter(({ settledAt }) => settledAt === undefined);
}

const byUrgency =
  ({ rows }: Matrix) =>
  (left: Message, right: Message): number =>
    urgencyOf(left, rows) - urgencyOf(right, rows) || left.at.localeCompare(right.at);

const urgencyOf = ({ trigger }: Message, rows: Matrix['rows']): number => URGENCY[rows[trigger]?.severity ?? 'info'];
