import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expectedMessages } from '../../../domain/checklist/expected-messages.ts';
import type { Known } from '../../../domain/checklist/need.ts';
import { RULES_OF_VENUES } from '../../../domain/checklist/rules-of-venues.ts';

/** What the rules look at, of a run with these entries: type, run of the incident, and a ticket where there is one. */
const known = (...entries: readonly (readonly [type: string, run?: string, ticket?: string])[]): Known => {
  const sound = entries.map(([type, run, ticket], index) => ({
    ...{ index, leafHash: `leaf-${index}` },
    entry: {
      ...{ log: 'btc-momentum', type, run, at: '2026-11-24T12:00:00.000Z' },
      payload: { incident: `incident ${run}`, ...(ticket !== undefined && { ticket }) },
    },
  }));
  return { facts: {}, course: { entries: sound }, decisionFollows: true } as unknown as Known;
};

const missing = (item: keyof typeof RULES_OF_VENUES, of: Known) => RULES_OF_VENUES[item].needs(of).missing;

describe('the checklist of venues in trouble', () => {
  it('has no occasion where no incident was recorded', () => {
    assert.match(String(RULES_OF_VENUES['5.3.1'].unless(known())), /no instability of a venue was recorded/);
    assert.equal(RULES_OF_VENUES['5.3.1'].unless(known(['venue-incident.opened', 'one'])), undefined);
  });

  it('needs the throttle, a ticket for each incident, and the end of each', () => {
    const one = [
      ['venue-incident.opened', 'one'],
      ['strategy.throttled', 'launch'],
      ['venue-incident.ticket', 'one', 'VN-1'],
      ['venue-incident.stable', 'one'],
    ] as const;
    const whole = known(...one, ['venue-incident.opened', 'two', 'VN-2'], ['venue-incident.killed', 'two']);
    const half = known(...one, ['venue-incident.opened', 'two']);

    for (const item of ['5.3.1', '5.3.2', '5.3.3'] as const) assert.deepEqual(missing(item, whole), [], item);
    assert.deepEqual(missing('5.3.2', half), ['nobody has logged a ticket for incident two']);
    assert.deepEqual(missing('5.3.3', half), ['incident two has not ended']);
    assert.deepEqual(missing('5.3.1', known(['venue-incident.opened', 'one'])), [
      'the log has no entry strategy.throttled of this run',
    ]);
  });

  it('expects that people were told of the beginning, and that the venue was stable again', () => {
    const { course } = known(['venue-incident.opened', 'one'], ['venue-incident.stable', 'one']);

    assert.deepEqual(
      expectedMessages(course).map(({ trigger }) => trigger),
      ['venue-incident', 'venue-stable'],
    );
  });
});
