import type { ReplayedStrategy } from '../../domain/ledger/replay.ts';
import type { Latch, Lock } from '../../domain/strategy.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { pairs } from '../output/table.ts';
import { Strategies } from '../replies.ts';
import { type StrategyAt, strategyAt, type Written } from './strategy-at.ts';

/** `status --at`: what one strategy, or each, was at a moment, rebuilt from the entries of its ledger alone. Refuses a moment that has not come yet. */
export async function statusAt(context: Context, at: string, strategy: string | undefined): Promise<void> {
  const { out, surroundings } = context;
  const now = surroundings.now().toISOString();
  if (at > now)
    throw new CliError(
      'usage',
      `${at} has not come yet: it is ${now} here`,
      'ask for a moment that is over, or leave --at out',
    );
  const api = await context.api('read');
  const ids = strategy ? [strategy] : (await api.get('/v1/strategies', Strategies)).strategies.map(({ id }) => id);
  for (const [index, id] of ids.entries()) {
    const was = await strategyAt(api, id, at, {
      interrupted: surroundings.interrupted,
      progress: ({ size, next }) => out.transient(`${id}: ${next ?? size} of ${size} entries read`),
    });
    out.result(was, `${index > 0 ? '\n' : ''}${textOf(context, was)}`);
  }
  if (ids.length === 0) out.note('no strategy is registered');
}

function textOf({ out: { paint } }: Context, { strategy, at, asOf, state, after }: StrategyAt): string {
  if (asOf && state)
    return pairs(paint, [['strategy', `${strategy} at ${at}`], ...factsOf(state), ['ledger', asOfText(asOf, after)]]);
  return `${strategy} did not exist yet at ${at}: ${after ? `its first entry was written ${after.at}` : 'it has no entry'}`;
}

const factsOf = ({ run, lock, latch, ...state }: ReplayedStrategy): [name: string, value: string | number][] => [
  ['mode', `${state.mode}, epoch ${state.epoch}`],
  ['run', run ? runText(run) : 'none'],
  ['lock', lock ? lockText(lock) : 'none'],
  ['killed', latch ? latchText(latch) : 'no'],
  ['artifact', state.artifactDigest ?? 'none'],
  ['limits', state.limitsDigest ?? 'none'],
  ['parameters', state.parametersDigest ?? 'none'],
  ['orders per s', state.maxOrdersPerSec],
  ['flag version', state.flagVersion],
];

const runText = ({ id, ticket }: NonNullable<ReplayedStrategy['run']>) =>
  ticket === undefined ? id : `${id}, ticket ${ticket}`;

const lockText = ({ runId, actor, acquiredAt, expiresAt }: Lock) =>
  `held by ${runId} for ${actor}, from ${acquiredAt} to ${expiresAt}`;

const latchText = ({ reason, runId, initiatedBy, at }: Latch) => `${reason} (${runId} by ${initiatedBy}, ${at})`;

const asOfText = (asOf: Written, after: Written | undefined) =>
  `as of entry ${asOf.seq} written ${asOf.at}${after ? `; entry ${after.seq} came ${after.at}` : ', the last one'}`;
