import { type Changed, type CommandKey, replyAgain } from './change.ts';
import type { Command } from './control-record.ts';
import { digestOf } from './ledger/digest.ts';
import type { LogId } from './ledger/ledger-entry.ts';
import type { Ports } from './ports/ports.ts';
import type { LogDecision } from './ports/strategies.ts';
import { Refusal } from './refusal.ts';

type Outcome<Reply> = { readonly reply: Reply } | { readonly earlier: Command };

/**
 * What `change` is for a strategy, for what belongs to none: decides, and commits entries, records and the command's key in one
 * write to a log. Throws the rule's Refusal, IdempotencyKeyReused, or StoreUnavailable.
 */
export async function changeLog<Reply>(
  log: LogId,
  command: CommandKey,
  decide: () => Promise<LogDecision<Reply> | Refusal>,
  { ledger, records, now }: Pick<Ports, 'records' | 'now'> & { readonly ledger: Pick<Ports['ledger'], 'commitTo'> },
): Promise<Changed<Reply>> {
  const bodyDigest = digestOf(command.body);
  const decideOnce = async (): Promise<LogDecision<Outcome<Reply>>> => {
    const earlier = await records.get('COMMAND', command.key);
    if (earlier) return { entries: [], reply: { earlier } };
    const decision = await decide();
    if (decision instanceof Refusal) throw decision;
    const { entries, reply } = decision;
    const record = { id: command.key, bodyDigest, reply, at: now().toISOString() };
    return { entries, records: [...(decision.records ?? []), { kind: 'COMMAND', record }], reply: { reply } };
  };
  const { reply: outcome, receipt } = await ledger.commitTo(log, decideOnce, now());
  if ('earlier' in outcome) return replyAgain(outcome.earlier, bodyDigest, command.key);
  return { reply: outcome.reply, repeated: false, receipt };
}
