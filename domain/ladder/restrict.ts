import { askInstances } from '../ask-instances.ts';
import { change, readRegistration, readStrategy } from '../change.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { ActorId, StrategyId } from '../ids.ts';
import type { Receipt } from '../ledger/ledger-entry.ts';
import { type Monitors, settingsFor } from '../monitor/monitor-settings.ts';
import type { Engines } from '../ports/engine.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { Strategy } from '../strategy.ts';
import { type Restricted, restrictState } from './restrict-state.ts';
import type { Restriction, RestrictionCause } from './restriction.ts';
import { restrictionOf } from './restriction-of.ts';

export type Restrict = {
  readonly strategyId: StrategyId;
  readonly to: Restriction['mode'];
  /** Orders per second; without, the share of the approved rate that `config/monitors.yaml` says (`latency.throttleTo`). 0 means none at all. */
  readonly ordersPerSec?: number | undefined;
  readonly reason: string;
  readonly actor: ActorId;
  /** What it holds the strategy back for: the id of an alert, of an incident, or of a person's command. */
  readonly causeId: string;
  /** ISO time at which people are asked whether it may be lifted. */
  readonly until?: string | undefined;
  /** Makes a repeat one command. One that comes again after a lift restricts again. */
  readonly commandId: string;
};

/** What an instance answered that is in force there from now on, or why nothing is known: its next lease tells it then. */
export type InstanceTold = { readonly instanceId: string } & (
  | { readonly mode: string; readonly maxOrdersPerSec: number }
  | { readonly problem: string }
);

export type StrategyRestricted = Restricted & {
  readonly strategyId: StrategyId;
  /** Of every instance, where anything was changed. */
  readonly instances: readonly InstanceTold[];
  readonly receipt?: Receipt | undefined;
};

export type RestrictPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'> & {
  readonly engines: Pick<Engines, 'mode' | 'throttle'>;
};

const DEADLINE_MS = 2_000;
const USUAL_SHARE = 0.5;

/**
 * Takes a strategy down the mode ladder (runbook 3.2, 5.3.1; product decision 7): THROTTLED to a lower rate, or REDUCE_ONLY. State and entry are one
 * write; after it no lease grants more, and every engine is told at once, all at the same time. Changes nothing, and says so, where the strategy is as
 * safe as that already. Refuses only a strategy that nobody knows (UnknownStrategy), and gives up where others keep changing it (Contended).
 */
export async function restrict(command: Restrict, ports: RestrictPorts): Promise<StrategyRestricted> {
  const { strategyId, to } = command;
  const [before, registration, monitors] = await Promise.all([
    readStrategy(strategyId, ports),
    readRegistration(strategyId, ports),
    takesShare(command) ? readMonitors(ports) : undefined,
  ]);
  const share = monitors ? settingsFor(monitors, registration).latency.throttleTo : USUAL_SHARE;
  const decide = async (state: Strategy) => {
    const { question: id } = restrictionOf(state) ?? {};
    const question = id && (await ports.records.get('APPROVAL', id));
    const now = ports.now();
    return restrictState(state, { ...command, share, cause: causeOf(command, now), question, now });
  };
  const foreseen = await decide(before);
  const key = await keyOf(command, before, foreseen.state !== before, ports);
  const changed = await change(strategyId, { key, body: { strategyId, to } }, decide, ports);
  const isNew = changed.reply.changed && !changed.repeated;
  const instances = isNew ? await tellInstances(registration, { ...command, ...changed.reply, key }, ports) : [];
  return { strategyId, ...changed.reply, instances, ...(changed.receipt && { receipt: changed.receipt }) };
}

const causeOf = ({ causeId: id, reason, actor: by, until }: Restrict, now: Date): RestrictionCause => ({
  ...{ id, reason, by, at: now.toISOString() },
  ...(until !== undefined && { until }),
});

/** The same command finds its own reply; but not where what it did, or noted as a cause, is lifted by now: then it is one more command. */
async function keyOf(
  { commandId }: Restrict,
  { version }: Strategy,
  wouldChange: boolean,
  { records }: RestrictPorts,
): Promise<string> {
  const isAgain = wouldChange && (await records.get('COMMAND', commandId)) !== undefined;
  return isAgain ? `${commandId}/${version}` : commandId;
}

const takesShare = ({ to, ordersPerSec }: Restrict): boolean => to === 'THROTTLED' && ordersPerSec === undefined;

/** A throttle depends on no setting: where that cannot be read, half of the approved rate is what is left. */
const readMonitors = ({ records }: RestrictPorts): Promise<Monitors | undefined> =>
  records.get('MONITORS', 'monitors').catch(() => undefined);

type Told = Pick<Restrict, 'to'> & Pick<Restricted, 'epoch' | 'maxOrdersPerSec'> & { readonly key: string };

/** Ahead of the next lease, which grants no more than this either. */
async function tellInstances(registration: Registration, told: Told, ports: RestrictPorts): Promise<InstanceTold[]> {
  const { to, epoch, maxOrdersPerSec, key } = told;
  const order = { strategyId: registration.id, epoch, commandId: sha256(`${key}/${to}`).toString('hex').slice(0, 32) };
  const deadline = { deadlineMs: DEADLINE_MS };
  const answers = await askInstances(
    registration,
    (instance) =>
      to === 'THROTTLED'
        ? ports.engines.throttle(instance, { ...order, maxOrdersPerSec }, deadline)
        : ports.engines.mode(instance, { ...order, mode: 'REDUCE_ONLY' }, deadline),
    ports,
  );
  return answers.map(({ instanceId, said }) =>
    said instanceof Refusal
      ? { instanceId, problem: said.message }
      : { instanceId, mode: said.mode, maxOrdersPerSec: said.maxOrdersPerSec },
  );
}
