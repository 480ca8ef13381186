import type { LeaseTerms } from '../../domain/lease/judge-renewal.ts';
import { LedgerEntry } from '../../domain/ledger/ledger-entry.ts';
import { replay } from '../../domain/ledger/replay.ts';
import { isLive } from '../../domain/mode.ts';
import type { Strategy } from '../../domain/strategy.ts';
import type { FakeAppConfig } from '../fakes/fake-app-config.ts';
import type { FencedEngines } from '../fakes/fenced-engines.ts';
import { REGISTRATION, STRATEGY, stateOf, type World } from '../fakes/world.ts';

/** A kill that somebody was told is taken, and how often the ledger must have it: once by its moment of decision, at least once, or not at all where others kill too. */
export type Acknowledged = { runId: string; decidedAt: string; entries: 'one' | 'some' | 'any' };

type Judged = { made: World; engines: FencedEngines; appConfig: FakeAppConfig };

/** What makes trading riskier: none of it may follow a kill in the ledger until a recovery. */
const RISKIER = new Set([
  'launch.requested',
  'orchestrator.lock',
  'governance.strategy-change',
  'launch.enabled',
  'launch.live',
  'orchestrator.takeover',
  'resume.requested',
  'resume.enabled',
  'resume.live',
]);
const isRiskier = ({ type, payload }: LedgerEntry): boolean =>
  RISKIER.has(type) ||
  (type === 'approval.signed' && ['launch-confirmation', 'flag-flip', 'resume'].includes(String(payload['kind'])));
const KILLS = new Set(['kill.requested', 'kill.reaffirmed']);

/** What a kill promises, judged while a race goes on and when it is over. */
export function killLaws({ made, engines, appConfig }: Judged) {
  const broken: string[] = [];
  let acknowledged: Acknowledged[] = [];
  const past: Acknowledged[] = [];
  const holders = new Set<string>();
  const secured = { arms: Number.POSITIVE_INFINITY, deployments: Number.POSITIVE_INFINITY };
  let last: Strategy | undefined;
  const breaks = (law: string) => void broken.push(law);
  const isAcknowledged = () => acknowledged.length > 0;

  /** Right after every call of a port. */
  function look(): void {
    const now = stateOf(made);
    if (now === last || !last) return;
    for (const law of brokenBetween(last, now)) breaks(law);
    if (last.latch && !now.latch) lifted(last);
    last = now;
  }

  /** A recovery may lift what was killed at the epoch that it was signed at; what waits in the spool is no part of that. */
  function lifted({ epoch }: Strategy): void {
    const entry = entriesOf(made).at(-1);
    const asked = made.store.records.get(`APPROVAL#${entry?.run}-recovery`)?.record;
    const isSigned = asked !== undefined && 'epoch' in asked && asked.epoch === epoch;
    if (entry?.type !== 'recovery.lifted' || entry.payload['epoch'] !== epoch || !isSigned)
      breaks(`${entry?.type} of ${entry?.run} lifted the latch at epoch ${epoch}`);
    const runs = new Set(entriesOf(made).flatMap(({ type, run }) => (KILLS.has(type) && run ? [String(run)] : [])));
    past.push(...acknowledged.filter(({ runId }) => runs.has(runId)));
    acknowledged = acknowledged.filter(({ runId }) => !runs.has(runId));
    secured.arms = Number.POSITIVE_INFINITY;
    secured.deployments = Number.POSITIVE_INFINITY;
  }

  /** Judges a renewal that begins now: what it is granted may not trade if somebody had been told of a kill by now. */
  function renewal(): (terms: LeaseTerms) => void {
    const told = isAcknowledged();
    return ({ mode }) => {
      if (told && isLive(mode)) breaks(`a lease asked for after the kill was acknowledged grants ${mode}`);
    };
  }

  /** The kill machine has done a step. */
  function stepDone(lambda: string): void {
    if (lambda === 'HaltEngines') secured.arms = Math.min(secured.arms, engines.obeyed.length);
    if (lambda === 'DisableLive') secured.deployments = Math.min(secured.deployments, appConfig.deployments.length);
  }

  /** When all stand still. Answers every law that was broken. */
  function verdict(): string[] {
    return [
      ...broken,
      ...engines.obeyed
        .slice(secured.arms)
        .filter(({ command, instanceId }) => command === 'arm' && !engines.deaf.has(instanceId)) // one that no halt reaches is bounded by its lease
        .map(({ instanceId }) => `${instanceId} was armed after it had been halted for good`),
      ...appConfig.deployments
        .slice(secured.deployments)
        .flatMap(({ enabled, number }) =>
          enabled ? [`deployment ${number} enabled live after the kill had switched it off`] : [],
        ),
      ...(isAcknowledged()
        ? brokenAtTheEnd(new Set([...holders, ...acknowledged.map(({ runId }) => runId)]), { made, engines, appConfig })
        : []),
      ...[...past, ...acknowledged].flatMap((kill) => brokenOf(kill, entriesOf(made))),
      ...brokenInTheLedger(made),
    ];
  }

  /** The race begins: until here nothing is judged. */
  const begin = () => {
    last = stateOf(made);
    if (last.latch) holders.add(last.latch.runId);
  };

  return {
    begin,
    breaks,
    look,
    renewal,
    secured: stepDone,
    verdict,
    acknowledge: (kill: Acknowledged) => void acknowledged.push(kill),
  };
}

function brokenBetween(before: Strategy, now: Strategy): string[] {
  const laws: [boolean, string][] = [
    [now.epoch >= before.epoch, `the epoch fell from ${before.epoch} to ${now.epoch}`],
    [now.version > before.version, `version ${now.version} came after ${before.version}`],
    [!before.latch || !now.latch || now.latch.runId === before.latch.runId, 'the latch went to another kill'],
    [(now.latch !== undefined) === (now.mode === 'KILLED'), `the mode is ${now.mode}, the latch ${now.latch?.runId}`],
    [!now.latch || before.latch !== undefined || now.epoch > before.epoch, 'a kill raised no epoch'],
    [!now.latch || now.maxOrdersPerSec === 0, `${now.maxOrdersPerSec} orders a second are left`],
  ];
  return laws.filter(([kept]) => !kept).map(([, law]) => law);
}

function brokenAtTheEnd(holders: ReadonlySet<string>, { made, engines, appConfig }: Judged): string[] {
  const { mode, latch } = stateOf(made);
  const armed = REGISTRATION.engines.filter(({ instanceId }) => engines.inForce(instanceId).mode !== 'SAFE');
  const laws: [boolean, string][] = [
    [mode === 'KILLED' && latch !== undefined, `the mode is ${mode} at the end`],
    [!latch || holders.has(latch.runId), `${latch?.runId} holds the latch, which nobody was told of`],
    [appConfig.reading.live !== true, 'live.enabled is true at the end'],
    [armed.length === 0, `${armed.map(({ instanceId }) => instanceId).join(', ')} may trade at the end`],
  ];
  return laws.filter(([kept]) => !kept).map(([, law]) => law);
}

/** No kill is lost, and none is counted twice. */
function brokenOf({ runId, decidedAt, entries }: Acknowledged, all: readonly LedgerEntry[]): string[] {
  const own = all.filter(({ type, run }) => KILLS.has(type) && run === runId);
  const count = entries === 'one' ? own.filter(({ payload }) => payload['decidedAt'] === decidedAt).length : own.length;
  const isKept = { one: count === 1, some: count > 0, any: true }[entries];
  return isKept ? [] : [`the kill ${runId} of ${decidedAt} is ${count} times in the ledger`];
}

/** What made trading riskier between a kill and its recovery. */
function riskierWhileKilled(entries: readonly LedgerEntry[]): LedgerEntry[] {
  let killed = false;
  return entries.filter((entry) => {
    if (KILLS.has(entry.type)) killed = true;
    if (entry.type === 'recovery.lifted') killed = false;
    return killed && isRiskier(entry);
  });
}

function brokenInTheLedger(made: World): string[] {
  const entries = entriesOf(made);
  const kills = entries.filter(({ type }) => KILLS.has(type)).length;
  const { ledgerSize, ledgerRange, pendingEntries, version, ...state } = stateOf(made);
  const { ledgerSize: size, ...replayed } = replay(entries) ?? { ledgerSize: 0 };
  const isWhole = pendingEntries.length === 0 && JSON.stringify(sorted(state)) === JSON.stringify(sorted(replayed));
  return [
    ...(kills <= state.epoch ? [] : [`${kills} kills raised the epoch to ${state.epoch} only`]),
    ...riskierWhileKilled(entries).map(({ type, seq }) => `${type} (entry ${seq}) came after a kill`),
    ...(isWhole
      ? []
      : [
          `the ledger replays to ${JSON.stringify(replayed)}, the state is ${JSON.stringify(state)} with ${pendingEntries.length} entries pending`,
        ]),
    ...(size === ledgerSize && ledgerRange.length > 0 && version > 0
      ? []
      : [`the ledger holds ${size} entries, its head says ${ledgerSize}`]),
  ];
}

const entriesOf = ({ store }: World): LedgerEntry[] =>
  (store.logs.get(STRATEGY) ?? []).map(({ text }) => LedgerEntry.parse(JSON.parse(text)));

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .toSorted(([left], [right]) => (left < right ? -1 : 1))
          .map(([name, each]) => [name, sorted(each)]),
      )
    : value;
