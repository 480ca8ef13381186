import assert from 'node:assert/strict';
import { RunId } from '../../../domain/ids.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import type { NewEntry } from '../../../domain/ledger/ledger-entry.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { runKey } from '../../../domain/run-key.ts';
import { Snapshot } from '../../../domain/snapshot/snapshot.ts';
import { requestStop } from '../../../domain/stop/request-stop.ts';
import { launching, RUN, START, STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';

export const STOP = RunId.parse('stop-btc-momentum-20261124-0123456789ab');

export type Traded = World & { readonly folder: string };

/** Writes entries of a run into the strategy's ledger. */
export async function recorded(made: World, entries: readonly Omit<NewEntry, 'actor'>[]): Promise<void> {
  const before = stateOf(made);
  const written = entries.map((entry) => ({ actor: trader.subject, ...entry }));
  await made.store.commit(before, { state: before, entries: written, reply: null }, made.ports.now());
}

/** A launch that went live, with what its steps have filed, two minutes of telemetry, and a stop that has settled it and goes on. */
export async function tradedRun(): Promise<Traded> {
  const made = await launching();
  const launch = await made.store.get('RUN', RUN);
  assert.ok(launch);
  await made.store.put({ kind: 'RUN', record: { ...launch, status: 'SUCCEEDED', ticket: 'TP-1' } });
  await recorded(made, [{ type: 'launch.enabled', run: RUN, payload: {} }]);
  const live = { ...stateOf(made), mode: 'ACTIVE' as const, run: { id: RUN } };
  made.store.strategies.set(STRATEGY, live);
  const folder = runKey(launch, '');
  for (const file of ['deploy.log', 'smoke.json', 'preconditions.json', 'kill-path.json', 'go-no-go.json'])
    await made.evidence.createOnce(`${folder}${file}`, `${file} as it was\n`);
  await made.evidence.createOnce(`${folder}executions/${RUN}.jsonl`, '{}\n');
  const decision = requestStop(live, { caller: trader, runId: STOP, request: {}, under: undefined, now: START });
  assert.ok(!(decision instanceof Refusal));
  await made.store.commit(live, decision, START);
  const stop = await made.store.get('RUN', STOP);
  assert.ok(stop);
  await made.evidence.createOnce(runKey(stop, 'settle.json'), `${JSON.stringify(settlement)}\n`);
  await made.evidence.createOnce(runKey(stop, 'settle.log'), 'settled\n');
  await made.evidence.createOnce(runKey(stop, 'flag-off.json'), '{}\n');
  return { ...made, folder };
}

const settlement = {
  ...{ v: 1, strategy: STRATEGY, run: STOP, at: START.toISOString(), tolerance: { quantity: 'dust', cash: 'a cent' } },
  ...{ venues: [], engines: [], compared: [], silent: [], verdict: 'agrees' },
};

/** What the run's folder holds, by path, with the digests of the bytes. */
export const filesOf = ({ evidence, folder }: Traded): Record<string, string> =>
  Object.fromEntries(
    [...evidence.files]
      .filter(([key]) => key.startsWith(folder))
      .map(([key, bytes]): [string, string] => [
        key.slice(folder.length),
        digestOf(Buffer.from(bytes).toString('base64')),
      ])
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );

export const launchIn = async ({ store }: World) => {
  const run = await store.get('RUN', RUN);
  assert.ok(run);
  return run;
};

/** One minute as the sweep keeps it. */
export const minute = (at: string, more: Record<string, unknown> = {}, use: object | null = null) => ({
  ...{ v: 1, at, strategy: STRATEGY, run: RUN, mode: 'ACTIVE', epoch: 0, maxOrdersPerSec: 4, use },
  instances: [
    {
      ...{ instanceId: 'btc-momentum-1', grantedAt: at, expiresAt: '2027-01-01T00:00:00.000Z', mode: 'ACTIVE' },
      ...{ halted: false, openOrders: 1, queueBacklog: 0, positions: [] },
      ...{ pnl: { realised: 1, unrealised: 2, currency: 'USD' }, roundTrip: { boundsMs: [5], counts: [1, 0] } },
      ...{ artifactDigest: null, limitsDigest: digestOf('limits'), parametersDigest: null, ...more },
    },
  ],
});

/** Minutes as the archive reads them. */
export const minutes = (...given: object[]): Snapshot[] => given.map((each) => Snapshot.parse(each));
