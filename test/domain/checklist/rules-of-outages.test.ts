import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { courseOfRun } from '../../../domain/checklist/course-of-run.ts';
import { expectedMessages } from '../../../domain/checklist/expected-messages.ts';
import type { Known } from '../../../domain/checklist/need.ts';
import { RULES_OF_INCIDENTS } from '../../../domain/checklist/rules-of-monitoring.ts';
import { RunId } from '../../../domain/ids.ts';

const LAUNCH = RunId.parse('launch');
const FILE = { key: 'data_incident.md', hash: `sha256:${'0'.repeat(64)}` };
const SAFE = ['safe-mode.entered', 'safe-mode.halted', 'safe-mode.verified', 'data-incident.opened'] as const;

/** What the rules look at, of a run with these entries after its launch, the last two of them after its stop. */
function known(cause: string, ...types: readonly string[]): Known {
  const entries = ['launch.requested', ...types].map((type, index) => ({
    ...{ index, leafHash: `leaf-${index}` },
    entry: {
      ...{
        log: 'btc-momentum',
        type,
        run: /^(launch|stop)/.test(type) ? LAUNCH : type.startsWith('kill') ? 'kill' : 'safe',
      },
      ...{ at: '2026-11-24T12:00:00.000Z', payload: { cause, file: FILE } },
    },
  }));
  const course = courseOfRun(LAUNCH, entries as never); // as much of an entry as is looked at
  const files = { [FILE.key]: { hash: FILE.hash, storedAt: '2026-11-24T12:00:00.000Z' } };
  return { facts: { files }, course, decisionFollows: true } as unknown as Known;
}

const missing = (item: '5.2.1' | '5.2.2' | '5.2.3', of: Known) => RULES_OF_INCIDENTS[item].needs(of).missing;

describe('the checklist of a market data outage', () => {
  it('has no occasion where none was recorded, also in a safe mode for something else', () => {
    for (const run of [known('heartbeat', ...SAFE), known('market-data')])
      assert.match(String(RULES_OF_INCIDENTS['5.2.1'].unless(run)), /no market data outage was recorded/);
    assert.equal(RULES_OF_INCIDENTS['5.2.1'].unless(known('market-data', ...SAFE)), undefined);
  });

  it('needs the proof at the venues, the file of the incident, and its end, also when that came after the stop', () => {
    const whole = known('market-data', ...SAFE, 'stop.confirmed', 'data-incident.over');

    for (const item of ['5.2.1', '5.2.2', '5.2.3'] as const) assert.deepEqual(missing(item, whole), [], item);
    const half = known('market-data', 'safe-mode.entered', 'safe-mode.halted');
    assert.match(missing('5.2.1', half).join(), /no entry safe-mode.verified/);
    assert.match(missing('5.2.2', half).join(), /no entry data-incident.opened/);
    assert.match(missing('5.2.3', half).join(), /no entry data-incident.over/);
  });

  it('takes the proof of a kill where the safe mode itself was not proved in time', () => {
    const killed = ['safe-mode.entered', 'safe-mode.halted', 'kill.requested'] as const;

    assert.deepEqual(missing('5.2.1', known('market-data', ...killed, 'kill.venues-empty')), []);
    assert.match(missing('5.2.1', known('market-data', ...killed)).join(), /no entry kill.venues-empty/);
  });

  it('expects that people were told of the beginning, by what it was, and of the end', () => {
    const told = (of: Known) => expectedMessages(of.course).map(({ trigger }) => trigger);

    assert.deepEqual(told(known('market-data', ...SAFE, 'data-incident.over')), [
      'data-incident',
      'data-incident-over',
    ]);
    assert.deepEqual(told(known('risk-telemetry', 'safe-mode.entered')), ['preemptive-halt']);
  });
});
