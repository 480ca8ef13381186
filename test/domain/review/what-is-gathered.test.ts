import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import type { HistoryEvent } from '../../../domain/ports/executions.ts';
import { credentialHistory, wrongKey } from '../../../domain/review/credential-history.ts';
import { evidenceRefs, missingEvidence } from '../../../domain/review/missing-evidence.ts';
import { readBackTo, readEntries } from '../../../domain/review/read-entries.ts';
import { countFailures, retriedSteps } from '../../../domain/review/retried-steps.ts';
import { storedEntry } from '../../../domain/review/stored-entry.ts';
import { saidBy, thresholdChanges } from '../../../domain/review/threshold-changes.ts';
import { FakeStore } from '../../fakes/fake-store.ts';
import { RUN, START, world } from '../../fakes/world.ts';
import { storedIn } from './a-review.ts';

const DESK = LogId.parse('desk');
const written = async (...types: readonly string[]) => {
  const store = new FakeStore();
  for (const type of types) await store.append(DESK, [{ type, actor: 'sub-x' as never, payload: {} }], START);
  return store;
};

describe('entries of a log', () => {
  const many = Array.from({ length: 1_203 }, (_, at) => `a.${'abc'[at % 3]}`);

  it('are read whole, page after page, oldest first, and only up to where the run ended', async () => {
    const store = await written(...many);

    const [all, part] = await Promise.all([
      readEntries(DESK, { from: 0, to: Number.POSITIVE_INFINITY }, { ledger: store }),
      readEntries(DESK, { from: 3, to: 700 }, { ledger: store }),
    ]);

    assert.deepEqual([all.length, all[1_202]?.index], [1_203, 1_202]);
    assert.deepEqual([part.length, part[0]?.index, part.at(-1)?.index], [697, 3, 699]);
    assert.deepEqual(await readEntries(DESK, { from: 0, to: 9 }, { ledger: new FakeStore() }), []);
  });

  it('are read back from the newest to the one that was looked for', async () => {
    const store = await written(...many);

    const found = await readBackTo(DESK, ({ index }) => index === 601, { ledger: store });
    const nothing = await readBackTo(DESK, () => false, { ledger: store });

    assert.deepEqual([found.length, found.at(-1)?.index, nothing.length], [602, 601, 1_203]);
    assert.deepEqual(await readBackTo(DESK, () => false, { ledger: new FakeStore() }), []);
  });

  it('are never read without end', async () => {
    const page = { log: DESK, size: 1e9, root: '', entries: [], next: 0 };
    const endless = { ledger: { page: async () => page } };

    await assert.rejects(readEntries(DESK, { from: 0, to: 1e9 }, endless), RangeError);
    assert.deepEqual(await readBackTo(DESK, () => false, endless), []);
  });

  it('say what is wrong with them: other bytes, another place, or no entry at all', async () => {
    const [stored] = storedIn({ store: await written('a.b') }, 'desk');
    const { index, leafHash, entry } = stored ?? assert.fail();

    assert.equal(stored?.altered, undefined);
    assert.equal(
      storedEntry({ index, leafHash, entry: { ...entry, actor: 'sub-y' } }, 'desk').altered,
      'is not what was written',
    );
    assert.equal(storedEntry({ index: 5, leafHash, entry }, 'desk').altered, 'says that it is entry 0 of desk');
    assert.equal(storedEntry({ index, leafHash, entry }, 'access').altered, 'says that it is entry 0 of desk');
    assert.deepEqual(
      [storedEntry({ index, leafHash, entry: { v: 2 } }, 'desk')].map(({ altered, entry: read }) => [
        altered,
        read.type,
      ]),
      [['is no entry', 'unreadable.entry']],
    );
  });
});

describe('the keys of people and devices', () => {
  const change = async (...changes: readonly (readonly [string, string, object])[]) => {
    const store = new FakeStore();
    for (const [type, actor, payload] of changes)
      await store.append(
        DESK,
        [
          {
            type,
            actor: actor as never,
            payload: { id: 'k', type: 'webauthn', owner: 'sub-x', publicKey: 'P', ...payload },
          },
        ],
        START,
      );
    return credentialHistory(storedIn({ store }, 'desk'));
  };
  const AT = START.toISOString();

  it('are what the log desk says: enrolled, approved, revoked', async () => {
    const keys = await change(
      ['credential.enrolled', 'sub-x', {}],
      ['credential.approved', 'sub-y', {}],
      ['credential.revoked', 'sub-z', {}],
    );

    assert.deepEqual(keys.get('k'), {
      owner: 'sub-x',
      publicKey: 'P',
      enrolledBy: 'sub-x',
      approvedBy: 'sub-y',
      approvedAt: AT,
      revokedAt: AT,
    });
    assert.match(String(wrongKey(keys, { id: 'k', publicKey: 'P', subject: 'sub-x' }, AT)), /revoked at/);
    assert.equal(
      wrongKey(
        await change(['credential.enrolled', 'sub-x', {}], ['credential.approved', 'sub-y', {}]),
        { id: 'k', publicKey: 'P' },
        AT,
      ),
      undefined,
    );
  });

  it('are not what is approved without having been enrolled, under another key, or in an entry that was altered', async () => {
    assert.equal((await change(['credential.approved', 'sub-y', {}])).size, 0);
    const other = await change(
      ['credential.enrolled', 'sub-x', {}],
      ['credential.approved', 'sub-y', { publicKey: 'Q' }],
      ['calendar.registered', 'x', {}],
    );
    assert.equal(other.get('k')?.approvedAt, undefined);
    assert.match(String(wrongKey(other, { id: 'k', publicKey: 'P' }, AT)), /nobody had approved/);
    const store = await written('credential.enrolled');
    assert.equal(credentialHistory(storedIn({ store }, 'desk').map((each) => ({ ...each, altered: 'x' }))).size, 0);
  });
});

const event = (id: number, type: string, more: Partial<HistoryEvent> = {}): HistoryEvent => ({
  ...{ id, previousId: id - 1, at: START.toISOString(), type, details: {} },
  ...more,
});

describe('steps that were tried again', () => {
  const failed = (id: number, error: string, type = 'LambdaFunctionFailed') => event(id, type, { details: { error } });
  const events = [
    event(1, 'ExecutionStarted'),
    event(2, 'TaskStateEntered', { state: 'Settle' }),
    failed(3, 'EngineUnreachable'),
    failed(4, 'EngineUnreachable'),
    failed(5, 'OrdersResting'),
    event(6, 'TaskStateEntered', { state: 'Record stop' }),
    failed(7, 'Contended', 'TaskFailed'),
    event(8, 'TaskTimedOut'),
  ];

  it('are counted by state and error, without what a machine waits for on purpose', () =>
    assert.deepEqual(
      countFailures(RUN, events).map(({ state, error, times }) => [state, error, times]),
      [
        ['Settle', 'EngineUnreachable', 2],
        ['Record stop', 'Contended', 1],
        ['Record stop', 'TaskTimedOut', 1],
      ],
    ));

  it('are of a state that is not known where the way back ends', () =>
    assert.deepEqual(
      countFailures(RUN, [failed(3, 'X')]).map(({ state }) => state),
      ['a state'],
    ));

  it('are read from the whole history, page after page, as far as Step Functions keeps any', async () => {
    const asked: unknown[] = [];
    const history = async (_machine: string, _name: string, { nextToken }: { nextToken?: string | undefined }) => {
      asked.push(nextToken);
      return asked.length < 3 ? { events: [failed(1, 'X')], nextToken: 'more' } : { events: [failed(1, 'X')] };
    };

    assert.deepEqual(
      (await retriedSteps({ id: RUN, machine: 'stop' }, { executions: { history } })).map(({ times }) => times),
      [3],
    );
    assert.deepEqual(asked, [undefined, 'more', 'more']);
    const endless = async () => ({ events: [], nextToken: 'more' });
    assert.deepEqual(await retriedSteps({ id: RUN, machine: 'stop' }, { executions: { history: endless } }), []);
    assert.deepEqual(
      await retriedSteps({ id: RUN, machine: 'stop' }, { executions: { history: async () => undefined } }),
      [],
    );
  });
});

describe('thresholds that were changed', () => {
  it('are told with who and why, and whatever else happened is not', async () => {
    const made = world();
    await made.store.append(
      DESK,
      [
        {
          type: 'dashboard.registered',
          actor: 'service:deployment' as never,
          payload: { digest: 'sha256:d', thresholds: { big: 1 }, version: 'v2' },
        },
        { type: 'credential.enrolled', actor: 'sub-x' as never, payload: {} },
        {
          type: 'limits.applied',
          actor: 'sub-x' as never,
          payload: { reason: 'volatility', changes: {}, none: undefined },
        },
      ],
      START,
    );

    assert.deepEqual(
      thresholdChanges('desk', storedIn(made, 'desk')).map(({ type, actor, what }) => [type, actor, what]),
      [
        ['dashboard.registered', 'service:deployment', 'digest: sha256:d, version: v2'],
        ['limits.applied', 'sub-x', 'reason: volatility'],
      ],
    );
    assert.equal(saidBy({ text: 'x'.repeat(500) }).length, 301);
  });
});

describe('files that the ledger names', () => {
  const HASH = 'sha256:0';
  const naming = async (payload: Record<string, unknown>) => {
    const store = new FakeStore();
    await store.append(DESK, [{ type: 'a.b', actor: 'sub-x' as never, payload }], START);
    return storedIn({ store }, 'desk');
  };

  it('are found wherever they are named, once each, and not without end', async () => {
    const ref = { key: 'reports/a', hash: HASH };
    const deep = { a: { b: { c: { d: { e: { f: { g: ref } } } } } } };

    assert.deepEqual(
      evidenceRefs(
        await naming({ record: ref, list: [ref, { key: 'reports/b', hash: HASH }], deep, text: 't', none: null }),
      ),
      [ref, { key: 'reports/b', hash: HASH }],
    );
  });

  it('are told where they are not there, or not what the ledger says', async () => {
    const made = world();
    await made.evidence.createOnce('reports/live/a', 'text');

    assert.deepEqual(
      await missingEvidence(
        await naming({ one: { key: 'reports/live/a', hash: HASH }, two: { key: 'reports/live/b', hash: HASH } }),
        made.ports,
      ),
      [
        'reports/live/a is sha256:982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1, and the ledger says sha256:0',
        'reports/live/b is not there',
      ],
    );
  });
});
