import * as z from 'zod';
import { StrategyId } from '../ids.ts';
import { type CheckpointPorts, checkpointLog } from './checkpoint-log.ts';
import { LogId } from './ledger-entry.ts';

/** What starts the checkpoint Lambda: an execution that began or ended, an answer to a question, or the schedule (anything else). */
export const CheckpointDue = z.union([
  z.object({
    'detail-type': z.literal('Step Functions Execution Status Change'),
    detail: z.object({ input: z.string().nullish() }),
  }),
  z.object({ 'detail-type': z.literal('ledger.appended'), detail: z.object({ log: LogId }) }),
  z.object({ 'detail-type': z.undefined().optional() }),
]);
export type CheckpointDue = z.infer<typeof CheckpointDue>;

const OF_NO_STRATEGY = ['access', 'desk'].map((log) => LogId.parse(log));
const Given = z.object({ strategyId: StrategyId });
const AT_A_TIME = 8;

/**
 * Checkpoints the log that an event is about, or, on the schedule, every log that has grown since its newest checkpoint. One log
 * that cannot be signed does not keep the others from it. Throws what the first of them threw.
 */
export async function checkpointLogs(due: CheckpointDue, ports: CheckpointPorts): Promise<{ summary: string }> {
  const logs = logsOf(due) ?? (await grownLogs(ports));
  const signed: string[] = [];
  const faults: unknown[] = [];
  for (let at = 0; at < logs.length; at += AT_A_TIME) {
    const some = await Promise.allSettled(logs.slice(at, at + AT_A_TIME).map((log) => checkpointLog(log, ports)));
    for (const each of some)
      if (each.status === 'fulfilled') signed.push(`${each.value.log} at ${each.value.size}`);
      else faults.push(each.reason);
  }
  if (faults.length > 0) throw faults[0];
  return { summary: signed.length === 0 ? 'nothing to sign' : `signed ${signed.join(', ')}` };
}

/** The logs that an event names; nothing for the schedule. A machine started by hand with anything else than a strategy names none. */
function logsOf(due: CheckpointDue): LogId[] | undefined {
  if (due['detail-type'] === undefined) return undefined;
  if (due['detail-type'] === 'ledger.appended') return [due.detail.log];
  const given = Given.safeParse(jsonIn(due.detail.input ?? '{}'));
  return given.success ? [LogId.parse(given.data.strategyId)] : [];
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Two reads of lists for all strategies together; they may lag by a moment, and then the next minute finds what they missed. */
async function grownLogs({ strategies, records, checkpoints }: CheckpointPorts): Promise<LogId[]> {
  const [all, signed, others] = await Promise.all([
    strategies.list(),
    records.all('CHECKPOINT'),
    Promise.all(OF_NO_STRATEGY.map(async (log) => ({ log, size: (await checkpoints.head(log))?.size ?? 0 }))),
  ]);
  const signedSizes = new Map(signed.map(({ id, size }) => [id, size]));
  const sizes = [...all.map(({ id, ledgerSize }) => ({ log: LogId.parse(id), size: ledgerSize })), ...others];
  return sizes.filter(({ log, size }) => size > (signedSizes.get(log) ?? 0)).map(({ log }) => log);
}
