import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Access } from '../../lib/access.ts';
import { fromRoot } from '../../lib/from-root.ts';
import { accessOf, lambdaAccess } from '../../lib/lambda-access.ts';
import { accessesReached } from './ports-reached.ts';

const lambdas = globSync('lambdas/*/*.ts', { cwd: fromRoot() }).map((path) => path.replace(/^lambdas\/|\.ts$/g, ''));

/** What a Lambda does without a port. */
const withoutPorts: Readonly<Record<string, readonly Access[]>> = {
  'operations/create-signing-key': ['createKillKey'],
};

/** A plan may be asked for by everybody who may read: AWS itself keeps its function from changing anything, whatever its code could reach. */
const onlyLooks = ['operations/draft-plan'];
const writes: readonly Access[] = ['writeState', 'appendLedger', 'writeEvidence'];
const neededBy = (lambda: string) =>
  accessesReached(lambda).filter((access) => !(onlyLooks.includes(lambda) && writes.includes(access)));

describe('lambdaAccess', () => {
  it('has a line for each Lambda, and none for a Lambda that does not exist', () => {
    assert.deepEqual(Object.keys(lambdaAccess).sort(), lambdas.sort());
  });

  for (const lambda of lambdas) {
    it(`grants ${lambda} what its code reaches, and nothing else`, () => {
      assert.deepEqual([...accessOf(lambda)].sort(), withoutPorts[lambda] ?? neededBy(lambda));
    });
  }

  it('lets nobody but the entrances of people and the watchers of a kill start a machine', () => {
    const starting = Object.entries(lambdaAccess).filter(([, granted]) =>
      granted.some((access) => access.startsWith('start')),
    );

    assert.deepEqual(starting.map(([lambda]) => lambda).sort(), [
      'api/command',
      'api/device-kill',
      'api/kill',
      'api/launch',
      'api/monitor',
      'api/recovery',
      'operations/follow-execution',
      'operations/health-tick',
      'operations/watchdog',
      'safe-mode/kill-unverified',
      'safe-mode/propose-resumption',
      'venue-instability/kill-strategy',
    ]);
  });
});

describe('accessOf', () => {
  it('refuses a Lambda that nobody has thought about, and says where to write it down', () => {
    assert.throws(
      () => accessOf('launch/new-step'),
      /lambdas\/launch\/new-step.ts has no line in lib\/lambda-access.ts/,
    );
  });
});
