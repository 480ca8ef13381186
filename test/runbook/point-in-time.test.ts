import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import type { Strategy } from '../../domain/strategy.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { killed, launchedUntil } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { storedStrategy } from './stored-strategy.ts';

const here = onALocalHost();

const At = z.object({
  strategy: z.string(),
  asOf: z.object({ seq: z.int(), at: z.string() }).optional(),
  after: z.object({ seq: z.int(), at: z.string() }).optional(),
  state: z.record(z.string(), z.unknown()).optional(),
});

const statusAt = async (at: string, ...args: string[]) => {
  const { code, lines } = await here.cli('status', '--at', at, ...args, '--as', 'auditor');
  assert.equal(code, 0, JSON.stringify(lines));
  return lines.map((line) => At.parse(line));
};

/** What the ledger knows of a stored state. */
const known = ({ ledgerRange: _range, pendingEntries: _pending, version: _version, ...state }: Strategy) =>
  JSON.parse(JSON.stringify(state)) as unknown;

const lastEntryOf = async (strategy: string) => {
  const last = (await here.log(strategy)).entries.at(-1);
  return z.object({ seq: z.int(), at: z.string() }).parse(last?.entry);
};

describe('the state at any moment, rebuilt from the ledger alone', { skip: !isDeep && DEEP }, () => {
  it('is the one that was stored then, while a launch waited for people', async () => {
    await launchedUntil(here, BTC, 'two confirmations');
    const [then, last] = [await storedStrategy(here.host.data, BTC), await lastEntryOf(BTC)];
    await killed(here, BTC, 'risk', 'a drill');

    const [was] = await statusAt(last.at, '--strategy', BTC);

    assert.deepEqual([was?.asOf, was?.after?.seq], [last, last.seq + 1]);
    assert.deepEqual(was?.state, known(then));
    assert.deepEqual([then.mode, then.lock !== undefined], ['LAUNCHING', true]);
  });

  it('is the one that is stored now, when now is asked for', async () => {
    const [rebuilt, stored] = await eventually(
      'a moment in which nothing was written',
      async () => [await statusAt(new Date().toISOString()), await storedStrategy(here.host.data, BTC)] as const,
      ([all, { ledgerSize }]) => all.some(({ state }) => state?.['id'] === BTC && state['ledgerSize'] === ledgerSize),
    );

    assert.deepEqual(
      rebuilt.map(({ strategy }) => strategy),
      [BTC, EUR],
    );
    assert.deepEqual(rebuilt[0]?.state, known(stored));
    assert.equal(stored.mode, 'KILLED');
  });

  it('is none before a strategy was registered', async () => {
    const [was] = await statusAt('2020-01-01T00:00:00Z', '--strategy', EUR);

    assert.deepEqual([was?.state, was?.asOf, was?.after?.seq], [undefined, undefined, 0]);
  });
});

describe('the ledger of a strategy', { skip: !isDeep && DEEP }, () => {
  it('is searched by type, actor and time', async () => {
    const { entries } = await here.log(BTC);
    const kill = entries.find(({ entry }) => entry['type'] === 'kill.requested')?.entry;
    assert.ok(kill);
    const filters = ['--type', 'kill.', '--actor', String(kill['actor']), '--after', String(kill['at'])];

    const { lines } = await here.cli('ledger', BTC, ...filters, '--as', 'auditor');

    const found = lines.map((line) =>
      z.object({ index: z.int(), entry: z.looseObject({ type: z.string() }) }).parse(line),
    );
    assert.equal(found[0]?.index, kill['seq']);
    assert.ok(found.every(({ entry }) => entry.type.startsWith('kill.') && entry['actor'] === kill['actor']));
  });
});
