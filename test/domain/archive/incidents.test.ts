import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { slaIncidents } from '../../../domain/archive/sla-incidents.ts';
import { venueIncidents } from '../../../domain/archive/venue-incidents.ts';
import type { Delivery } from '../../../domain/communications/delivery.ts';
import { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { STRATEGY } from '../../fakes/world.ts';
import { minute, minutes } from './a-traded-run.ts';

const AT = '2026-11-24T12:00:00.000Z';

describe('slaIncidents', () => {
  const entry = (type: string, payload: object = {}): Parameters<typeof slaIncidents>[0][number] => ({
    index: 7,
    entry: LedgerEntry.parse({
      ...{ v: 1, log: STRATEGY, seq: 7, at: AT, type, actor: 'service:x', payload, proofs: [] },
    }),
  });
  const delivery = (more: Partial<Delivery>): Delivery => ({
    ...{ id: 'm/#risk', message: 'm', trigger: 'kill-switch', audience: [], channel: '#risk', via: 'slack' },
    ...{ severity: 'critical', subject: '', text: '', at: AT, detectedAt: AT, status: 'acknowledged' },
    ...{ attempts: [], version: 1, ...more },
  });
  const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('| 2026'));

  it('list every level that was missed, with its source, and nothing else', () => {
    const entries = [
      ...['lease.expired', 'launch.requested', 'drain.cancelled'].map((type) => entry(type)),
      ...[entry('strategy.settled', { verdict: 'agrees' }), entry('strategy.settled', { verdict: 'differs' })],
      entry('strategy.settled'),
    ];

    const text = slaIncidents(entries, [], []);

    assert.equal(lines(text).length, 4);
    assert.match(text, /an engine lost its lease \| ledger entry 7 \(lease.expired\)/);
    assert.match(text, /the settlement differs/);
    assert.match(text, /the settlement is not known/);
  });

  it('list deliveries that failed or came after five seconds, and no others', () => {
    const sent = (ms: number) => ({ sentAt: new Date(Date.parse(AT) + ms).toISOString() });
    const text = slaIncidents(
      [],
      [
        ...[delivery(sent(5_000)), delivery(sent(5_001)), delivery({ status: 'waiting' })],
        ...[delivery({ status: 'failed' }), delivery({ status: 'failed', escalatedTo: 'on-call | page' })],
      ],
      [],
    );

    assert.equal(lines(text).length, 3);
    assert.match(text, /kill-switch was sent to #risk after 5\.0 s/);
    assert.match(text, /did not reach #risk, on-call \\\| page took over/);
  });

  it('list minutes in which an instance held no lease', () => {
    const without = minute('2026-11-24T12:01:00.000Z', { expiresAt: '2026-11-24T12:00:30.000Z' });
    const unknown = { ...without, instances: [{ instanceId: 'btc-2', unknown: 'it never renewed a lease' }] };

    const text = slaIncidents([], [], minutes(without, unknown, minute('2026-11-24T12:02:00.000Z')));

    assert.match(text, /btc-momentum-1 held no lease/);
    assert.equal(lines(text).length, 2);
  });

  it('say that none is recorded', () => assert.match(slaIncidents([], [], []), /None recorded\./));
});

describe('venueIncidents', () => {
  const incident = (at: string, note?: string) =>
    JSON.stringify({ v: 1, venue: 'XSIM', ticket: 'T-1', at, by: 'sub-sre', ...(note && { note }) });

  it('show them in the order of time, whatever people wrote into them', () => {
    const text = venueIncidents([
      { file: 'venue-incidents/2.json', text: incident('2026-11-24T13:00:00.000Z', 'slow | <b>acks</b>\n# no title') },
      { file: 'venue-incidents/1.json', text: incident('2026-11-24T12:30:00.000Z') },
      { file: 'venue-incidents/3.json', text: '{' },
    ]);

    assert.deepEqual(text.match(/12:30|13:00|not readable/g), ['12:30', '13:00', 'not readable']);
    assert.ok(text.includes('slow \\| \\<b\\>acks\\</b\\> # no title'));
  });

  it('say that none is recorded', () => assert.match(venueIncidents([]), /None recorded\./));
});
