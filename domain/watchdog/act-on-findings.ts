import type { StrategyId } from '../ids.ts';
import { alertId, type MonitorAction, type MonitorFinding } from '../monitor/finding.ts';
import type { Sample } from '../monitor/sample.ts';
import { type Chosen, chooseActions } from './choose-actions.ts';
import type { Deeds, Ordered } from './deeds.ts';

/** A deed on its way, done, or failed; times in monotonic milliseconds. */
type Deed = {
  readonly commandId: string;
  readonly at: number;
  readonly is: 'under way' | 'done' | 'failed';
  readonly why?: string;
};

/** The newest deed of each kind for each strategy, in the memory of one watch. */
export type DeedBook = Map<StrategyId, ReadonlyMap<MonitorAction, Deed>>;

export type ActPorts = {
  readonly deeds: Deeds;
  readonly elapsedMs: () => number;
  /** Told of each deed that changed something, and of each that failed. Never throws. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
};

/** What takes longer is taken for lost, and begun again under the same name. In milliseconds. */
const PATIENCE_MS = 5_000;
/** What was done and is asked for all the same is done again only after this: each deed knows whether it is in force. In milliseconds. */
const REST_MS = 10_000;

/**
 * Product decision 6: begins at once what the findings of a strategy ask for, and answers when that has ended. Nobody has to wait: the next tick leaves alone
 * what is under way, and tries again what has failed, while a finding asks for it. What is asked for no more is forgotten. The answers never reject.
 */
export function actOnFindings(
  sample: Sample,
  findings: readonly MonitorFinding[],
  book: DeedBook,
  ports: ActPorts,
): Promise<void>[] {
  const { id, epoch } = sample.state;
  const chosen = chooseActions(sample.state, findings);
  const known = book.get(id) ?? new Map<MonitorAction, Deed>();
  const asked = new Set(chosen.map(({ action }) => action));
  const kept = [...known].filter(([action, { is }]) => asked.has(action) || is === 'under way');
  if (kept.length > 0) book.set(id, new Map(kept));
  else book.delete(id);
  return chosen
    .map((each) => ({ sample, ...each, commandId: nameOf(each, epoch) }))
    .filter(({ action, commandId }) => isDue(commandId, known.get(action), ports.elapsedMs()))
    .map((ordered) => carryOut(ordered, book, ports));
}

/** The epoch rises with each halt and each arm, so that a trouble which comes again after a resumption is another one. */
const nameOf = ({ finding, action }: Chosen, epoch: number): string =>
  `watchdog/${alertId(finding)}/${action}@${epoch}`;

function isDue(commandId: string, last: Deed | undefined, now: number): boolean {
  if (last?.is === 'under way') return now - last.at > PATIENCE_MS;
  return last?.is !== 'done' || last.commandId !== commandId || now - last.at > REST_MS;
}

async function carryOut(ordered: Ordered, book: DeedBook, { deeds, elapsedMs, log }: ActPorts): Promise<void> {
  const { sample, finding, action, commandId } = ordered;
  const strategyId = sample.state.id;
  const begun: Deed = { commandId, at: elapsedMs(), is: 'under way' };
  const note = (deed: Deed) => book.set(strategyId, new Map([...(book.get(strategyId) ?? []), [action, deed]]));
  note(begun);
  const told = { strategyId, action, reason: finding.detail, command: commandId };
  try {
    const { changed } = await deeds[action](ordered);
    note({ ...begun, is: 'done' });
    if (changed) log({ outcome: 'done', message: 'the watchdog has acted', ...told });
  } catch (fault) {
    note({ ...begun, is: 'failed', why: String(fault) });
    log({ outcome: 'fault', message: 'the watchdog could not act', ...told, error: String(fault) });
  }
}

/** That something could not be done, for people: somebody has to do by hand what a rule asks for. */
export function failedDeeds(strategyId: StrategyId, book: DeedBook): MonitorFinding[] {
  return [...(book.get(strategyId) ?? [])].flatMap(([action, { is, why = '' }]) => {
    const detail = `the watchdog could not do what a rule asks for (${action}): ${why}`.slice(0, 500).toWellFormed();
    return is === 'failed'
      ? [{ strategyId, rule: 'telemetry', subject: `acting ${action}`, level: 'page', detail }]
      : [];
  });
}
