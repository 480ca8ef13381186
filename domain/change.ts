import type { Decision } from './decision.ts';
import type { StrategyId } from './ids.ts';
import { digestOf } from './ledger/digest.ts';
import type { Receipt } from './ledger/ledger-entry.ts';
import type { Ports } from './ports/ports.ts';
import { Refusal } from './refusal.ts';
import type { Strategy } from './strategy.ts';

/** Which command this is, for repeats: the same key and body give the same reply; another body is refused. */
export type CommandKey = { readonly key: string; readonly body: unknown };

export type Changed<Reply> = {
  readonly reply: Reply;
  readonly receipt?: Receipt | undefined;
  readonly repeated: boolean;
};

const ATTEMPTS = 12; // five tries with no pause lost 10 of 20 racers; with jitter twelve lost none

/**
 * Reads, decides, and commits state, ledger and the command's key in one write; decides afresh, after a random pause, when
 * another writer came first. Kill does not go through here: it may never give up.
 * Throws the rule's Refusal, UnknownStrategy, IdempotencyKeyReused, or Contended after twelve lost races.
 */
export async function change<Reply>(
  strategyId: StrategyId,
  command: CommandKey,
  decide: (state: Strategy) => Decision<Reply> | Refusal | Promise<Decision<Reply> | Refusal>,
  ports: Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>,
): Promise<Changed<Reply>> {
  const bodyDigest = digestOf(command.body);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const earlier = await ports.records.get('COMMAND', command.key);
    if (earlier) return replyAgain(earlier, bodyDigest, command.key);
    const before = await readStrategy(strategyId, ports);
    const decision = await decide(before);
    if (decision instanceof Refusal) throw decision;
    if (decision.entries.length === 0) return { reply: decision.reply, repeated: false };
    const receipts = await ports.strategies.commit(
      before,
      withCommand(decision, command.key, bodyDigest, ports.now()),
      ports.now(),
    );
    if (receipts) return { reply: decision.reply, repeated: false, receipt: receipts.at(-1) };
    await ports.jitter(attempt);
  }
  throw new Refusal('Contended', `${strategyId} is being changed by others`, 'try again in a moment', {
    attempts: ATTEMPTS,
  });
}

/** The strategy, or a refusal that names it. */
export async function readStrategy(id: StrategyId, { strategies }: Pick<Ports, 'strategies'>): Promise<Strategy> {
  const strategy = await strategies.read(id);
  if (!strategy)
    throw new Refusal('UnknownStrategy', `there is no strategy ${id}`, 'look at the list of strategies', {
      strategyId: id,
    });
  return strategy;
}

/** The registration of a strategy: where its engines and venues are. */
export async function readRegistration(id: StrategyId, { records }: { records: Pick<Ports['records'], 'get'> }) {
  const registration = await records.get('REGISTRATION', id);
  if (!registration)
    throw new Refusal('UnknownStrategy', `${id} is not registered`, 'add it to config/strategies.yaml and deploy', {
      strategyId: id,
    });
  return registration;
}

/** The reply of a command that was carried out before. Refuses the same key with another body. */
export function replyAgain<Reply>(
  earlier: { reply?: unknown; bodyDigest: string; receipt?: Receipt | undefined },
  bodyDigest: string,
  key: string,
): Changed<Reply> {
  if (earlier.bodyDigest !== bodyDigest) {
    throw new Refusal(
      'IdempotencyKeyReused',
      'this Idempotency-Key was used for another command',
      'send a new key with a new command',
      { key },
    );
  }
  // the reply was written by this very command, with this very type
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { reply: earlier.reply as Reply, repeated: true, receipt: earlier.receipt };
}

function withCommand<Reply>(decision: Decision<Reply>, key: string, bodyDigest: string, now: Date): Decision<Reply> {
  const record = { id: key, bodyDigest, reply: decision.reply, at: now.toISOString() };
  return { ...decision, records: [...(decision.records ?? []), { kind: 'COMMAND', record }] };
}
