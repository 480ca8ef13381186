import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decideApproval } from '../../domain/approval/decide-approval.ts';
import { approvalId } from '../../domain/approval/open-approval.ts';
import { RunId } from '../../domain/ids.ts';
import { drainSpool } from '../../domain/kill/drain-spool.ts';
import { executeKill } from '../../domain/kill/execute-kill.ts';
import { spooledKillOf } from '../../domain/kill/spooled-kill.ts';
import { LedgerEntry } from '../../domain/ledger/ledger-entry.ts';
import { replay } from '../../domain/ledger/replay.ts';
import { killPorts } from '../fakes/kill-ports.ts';
import { COMMANDS, EVENTS, happen, registered } from '../fakes/operations.ts';
import { signedAnswer } from '../fakes/passkeys.ts';
import { risk, STRATEGY, stateOf, trader, type World, world } from '../fakes/world.ts';
import { isDeep } from '../is-deep.ts';
import { type Crash, ENDS, withRetries } from './crashing-ports.ts';
import { runNamedStep } from './machine-steps.ts';
import { recoveryPorts } from './recovery-begins.ts';
import type { RacePorts } from './scheduled-ports.ts';

const STEPS = [
  ...['HaltEngines', 'DisableLive', 'FreezeLaunches', 'RecordExposure', 'VerifyVenues', 'AnnounceKill'],
  ...['AskForConfirmer', 'confirm', 'RecordKill', 'CertifyKill'],
] as const;
type Step = (typeof STEPS)[number];
type Crashes = Partial<Record<Step, Crash>>;

/** All ports that a step may have. */
const whole = (made: World): RacePorts => ({ ...made.ports, ...recoveryPorts(made).extra });

/** A kill of a strategy whose launch waits for people, with orders at its venue, as its request leaves it. */
async function killedWorld(): Promise<{ made: World; runId: RunId }> {
  const made = await registered(world());
  await happen(made, [
    COMMANDS.launch,
    COMMANDS.openRun,
    COMMANDS.lock,
    COMMANDS.deploy,
    COMMANDS.validate,
    COMMANDS.ask,
  ]);
  made.venues.resting = 3;
  const command = { caller: trader, strategyId: STRATEGY, reason: 'loss', commandId: 'k' };
  const { runId } = await executeKill(command, killPorts(made));
  return { made, runId };
}

/** All steps of the kill machine in order, each crashing where it is told to. Answers how many calls each made at its first try. */
async function runKill({ made, runId }: { made: World; runId: RunId }, crashes: Crashes): Promise<Map<Step, number>> {
  const calls = new Map<Step, number>();
  const run = { strategyId: STRATEGY, runId, epoch: 1 };
  for (const name of STEPS) {
    const step = (ports: RacePorts, attempt: number) =>
      name === 'confirm'
        ? confirm(made, runId, ports)
        : runNamedStep(name, { ...run, taskToken: `token-${attempt}` }, ports);
    calls.set(name, await withRetries(step, whole(made), crashes[name]));
  }
  return calls;
}

async function confirm(made: World, runId: RunId, ports: RacePorts): Promise<unknown> {
  const id = approvalId({ runId }, 'kill-confirmation');
  const asked = await ports.records.get('APPROVAL', id);
  assert.ok(asked);
  for (const caller of [trader, risk])
    await decideApproval(id, signedAnswer(made, caller, asked), `confirmed by ${caller.subject}`, ports);
  return undefined;
}

const entriesOf = ({ store }: World): LedgerEntry[] =>
  (store.logs.get(STRATEGY) ?? []).map(({ text }) => LedgerEntry.parse(JSON.parse(text)));

/**
 * What a try that is made again may find otherwise: deployments of the flag are counted anew, and with them digests and places
 * in the log; who was sent home by a try before is not sent home again; an engine that did not answer is said to be one;
 * and no two signatures of one person over one document are the same.
 */
const uncounted = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll(/"(version|deployment|flagVersion|seq|index|ledgerSize|aborted|counter)":\d+/g, '"$1":0')
      .replaceAll(/"(signature|authenticatorData)":"[^"]*"/g, '"$1":"signed"')
      .replaceAll(/(sha256:)?[0-9a-f]{64}/g, 'a digest')
      .replaceAll(/token-\d/g, 'a token'),
    (name, each: unknown) => (name === 'instances' ? [] : each),
  );

/** Asking again under a new token is a question of its own; what a venue said to a process that died then is known to nobody. */
const MAY_DIFFER = new Set(['approval.requested', 'kill.venue-answered']);

function endOf(made: World) {
  const { ledgerRange: _digests, ...state } = stateOf(made);
  const kept = ['RUN', 'FREEZE', 'APPROVAL', 'MESSAGE'] as const;
  return uncounted({
    state,
    records: [...made.store.records.values()]
      .filter(({ kind }) => kept.some((each) => each === kind))
      .toSorted((left, right) => (left.record.id < right.record.id ? -1 : 1)),
    entries: entriesOf(made).filter(({ type }) => !MAY_DIFFER.has(type)),
    ...{ flag: made.flags.live, resting: made.venues.resting, files: [...made.evidence.files.keys()].toSorted() },
  });
}

/** The state is what the ledger says, whatever happened. */
function isReplayed(made: World): void {
  const { mode, epoch, latch } = replay(entriesOf(made)) ?? {};
  assert.deepEqual({ mode, epoch, latch }, { mode: 'KILLED', epoch: stateOf(made).epoch, latch: stateOf(made).latch });
}

describe('the kill machine', async () => {
  const uncrashed = await killedWorld();
  const calls = await runKill(uncrashed, {});
  const expected = endOf(uncrashed.made);

  for (const name of STEPS)
    it(`ends the same wherever ${name} dies, fails or loses an answer, and is run again`, async () => {
      assert.ok((calls.get(name) ?? 0) > 0);
      for (let call = 0; call < (calls.get(name) ?? 0); call += 1)
        for (const end of ENDS) {
          const killed = await killedWorld();

          await runKill(killed, { [name]: { call, end } });

          assert.deepEqual(endOf(killed.made), expected, `${name}, call ${call}: ${end}`);
          isReplayed(killed.made);
        }
    });

  it('ends the same when every step of it crashes somewhere', () =>
    fc.assert(
      fc.asyncProperty(
        fc.tuple(...STEPS.map(() => fc.record({ call: fc.nat({ max: 12 }), end: fc.constantFrom(...ENDS) }))),
        async (all) => {
          const killed = await killedWorld();

          await runKill(killed, Object.fromEntries(STEPS.map((name, index) => [name, all[index]])));

          assert.deepEqual(endOf(killed.made), expected);
        },
      ),
      { seed: 7, numRuns: isDeep ? 1_000 : 25 },
    ));

  it('started by hand, kills once wherever its first step dies, and at worst reaffirms itself where an answer is lost', async () => {
    const runId = RunId.parse('kill-by-hand');
    const byHand = async (crash: Crash | undefined) => {
      const made = await registered(world());
      const halt = (ports: RacePorts) =>
        runNamedStep('HaltEngines', { strategyId: STRATEGY, runId, reason: 'smoke' }, ports);
      const count = await withRetries(halt, whole(made), crash);
      return {
        made,
        count,
        kills: entriesOf(made).filter(({ type }) => ['kill.requested', 'kill.reaffirmed'].includes(type)),
      };
    };
    const { count } = await byHand(undefined);

    for (let call = 0; call < count; call += 1)
      for (const end of ENDS) {
        const { made, kills } = await byHand({ call, end });

        const most = end.startsWith('dies') ? 1 : 3;
        assert.ok(kills.length >= 1 && kills.length <= most, `call ${call}: ${end} leaves ${kills.length} kills`);
        assert.deepEqual([kills[0]?.type, stateOf(made).latch?.runId], ['kill.requested', runId]);
        isReplayed(made);
      }
  });
});

describe('a kill request', () => {
  it('that died anywhere, and is sent again, is one run: latched, in the ledger, and with its machine started', async () => {
    const request = async (crash: Crash | undefined) => {
      const made = await registered(world());
      const command = { caller: trader, strategyId: STRATEGY, reason: 'loss', commandId: 'k' };
      const kill = (ports: RacePorts) => executeKill(command, { ...killPorts(made), ...ports });
      return { made, count: await withRetries(kill, whole(made), crash) };
    };
    const { count } = await request(undefined);

    for (let call = 0; call < count; call += 1)
      for (const end of ['dies before', 'dies after'] as const) {
        const { made } = await request({ call, end });

        const kills = entriesOf(made).filter(({ type }) => type.startsWith('kill.'));
        assert.deepEqual(
          [...new Set(kills.map(({ run }) => run))],
          [stateOf(made).latch?.runId],
          `call ${call}: ${end}`,
        );
        assert.deepEqual([kills[0]?.type, made.executions.started.length], ['kill.requested', 1]);
        isReplayed(made);
      }
  });
});

describe('draining the spool', () => {
  it('ends the same wherever it dies, fails or loses an answer, and is done again', async () => {
    const drain = async (crash: Crash | undefined) => {
      const made = await registered(world());
      await happen(made, [EVENTS.goLive]);
      for (const [number, by] of [trader, risk, trader].entries()) {
        const runId = RunId.parse(`kill-btc-momentum-20261124-00000000000${number}`);
        const kill = { actor: by.subject, roles: by.roles, reason: `loss ${number}`, runId, now: made.clock.now };
        await made.spool.put(STRATEGY, spooledKillOf(kill));
      }
      return { made, count: await withRetries((ports) => drainSpool(STRATEGY, ports), whole(made), crash) };
    };
    const { made: uncrashed, count } = await drain(undefined);

    for (let call = 0; call < count; call += 1)
      for (const end of ENDS) {
        const { made } = await drain({ call, end });

        assert.deepEqual(made.store.logs.get(STRATEGY), uncrashed.store.logs.get(STRATEGY), `call ${call}: ${end}`);
        assert.deepEqual(stateOf(made), stateOf(uncrashed));
        isReplayed(made);
      }
    assert.equal(stateOf(uncrashed).epoch, 3);
  });
});
