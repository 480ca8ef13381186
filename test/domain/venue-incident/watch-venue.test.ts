import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Alert } from '../../../domain/alert/alert.ts';
import { addRoundTrips } from '../../../domain/monitor/latency-window.ts';
import { closeByHand } from '../../../domain/venue-incident/close-by-hand.ts';
import { judgeLook, reasonsIn, type VenueLook, withLook } from '../../../domain/venue-incident/judge-look.ts';
import { killUnstable } from '../../../domain/venue-incident/kill-unstable.ts';
import { venueInput } from '../../../domain/venue-incident/venue-step.ts';
import { watchVenue } from '../../../domain/venue-incident/watch-venue.ts';
import { shippedMonitors } from '../../fakes/shipped-monitors.ts';
import { messagesIn } from '../../fakes/told.ts';
import { REGISTRATION, risk, START, STRATEGY, stateOf, type World } from '../../fakes/world.ts';
import { entriesOf, FOLDER, ID, incidentIn, open, renew, trading, typesOf } from './a-venue-incident.ts';

const AT = START.toISOString();
const alert = (rule: Alert['rule'], more: Partial<Alert> = {}): Alert =>
  Alert.parse({
    ...{
      id: `${STRATEGY}/${rule}/x`,
      strategyId: STRATEGY,
      rule,
      subject: 'x',
      level: 'act',
      detail: `${rule} is over`,
    },
    ...{ since: AT, detectedAt: AT, openedAt: AT, lastAt: AT, count: 9, reached: { since: AT, at: AT } },
    ...{ relapses: 0, version: 1, ...more },
  });

async function watched(roundTripMs = 900) {
  const made = trading();
  await renew(made, roundTripMs);
  await open(made);
  const step = venueInput(await incidentIn(made));
  return { made, step, watch: () => watchVenue(step, made.ports) };
}

describe('watchVenue', () => {
  it('says what is unstable, until when, and keeps it for people to see', async () => {
    const { made, watch } = await watched();

    await assert.rejects(watch(), {
      name: 'VenueUnstable',
      message: /round trips of btc-momentum-1 is \d+\.\d ms/,
      next: 'it is killed at 2026-11-24T12:05:00.000Z unless it is stable by then',
    });

    const { unstable, lookedAt, stableSince } = await incidentIn(made);
    assert.deepEqual([unstable.length > 0, lookedAt, stableSince], [true, AT, undefined]);
  });

  it('kills for a breach of risk at once, of this strategy and no other', async () => {
    for (const breach of [alert('kill-threshold'), alert('limit-use')]) {
      const { made, watch } = await watched(20);
      await made.store.put({ kind: 'ALERT', record: breach });

      await assert.rejects(watch(), { name: 'VenueKillDue', message: /XSIM is unstable, and risk is breached: / });
    }
    const { made, watch } = await watched(20);
    for (const [id, other] of [
      ['a', alert('kill-threshold', { strategyId: 'eth-momentum' as never })],
      ['b', alert('limit-use', { level: 'page' })],
      ['c', alert('latency')],
      ['d', alert('kill-threshold', { resolvedAt: AT })],
      ['e', alert('kill-threshold', { level: 'page' })],
      ['f', alert('kill-threshold', { level: 'warn' })],
    ] as const)
      made.store.records.set(`ALERT#${id}`, { kind: 'ALERT', record: other });
    await assert.rejects(watch(), { name: 'VenueUnstable', message: /stable since .*, which is not long enough/ });
  });

  it('calls nothing stable while no thresholds are deployed, or the venue is registered no more', async () => {
    const { made, watch } = await watched(20);
    made.store.records.delete('MONITORS#monitors');
    await assert.rejects(watch(), { message: /no thresholds are deployed/ });

    const other = await watched(20);
    const record = { ...REGISTRATION, venues: [] };
    other.made.store.records.set(`REGISTRATION#${STRATEGY}`, { kind: 'REGISTRATION', record });
    await assert.rejects(other.watch(), { message: /trades at XSIM no longer, by its registration/ });
  });

  it('throws what is no answer of a venue: then nobody knows', async () => {
    const { made, watch } = await watched();
    made.venues.kind = () => Promise.reject(new Error('no credential'));

    await assert.rejects(watch(), /no credential/);
  });

  it('judges the newest orders alone: few that were slow before kill nothing that is fast again', async () => {
    const { made, watch } = await watched(900);
    const slow = addRoundTrips(undefined, { boundsMs: [900], counts: [19, 0] }, START);
    made.pass(70_000);
    for (const fast of [0, 5]) {
      await renew(made, 20, (at) => addRoundTrips(slow, { boundsMs: [20], counts: [fast, 0] }, at));
      await assert.rejects(watch(), { name: 'VenueUnstable', message: /^stable since/ });
    }
  });

  it('counts an engine without a lease as unstable', async () => {
    const { made, watch } = await watched(20);
    made.store.records.delete(`LEASE#${STRATEGY}/btc-momentum-2`);

    await assert.rejects(watch(), { message: /btc-momentum-2 holds no lease/ });
  });

  it('notes its look over a ticket that was logged meanwhile, and judges also what it cannot note', async () => {
    const { made, watch } = await watched();
    const replace = made.store.replace.bind(made.store);
    let lost = 0;
    made.store.replace = async (record) => {
      lost += 1;
      if (lost === 1) await open(made, { ticket: 'VN-1', commandId: 'sub-trader/one' });
      return replace(record);
    };
    await assert.rejects(watch(), { name: 'VenueUnstable' });
    const { tickets, lookedAt } = await incidentIn(made);
    assert.deepEqual([tickets.length, lookedAt], [1, AT]);

    made.store.replace = async () => {
      made.store.records.delete(`VENUEINCIDENT#${ID}`);
      return false;
    };
    await assert.rejects(watch(), { name: 'VenueUnstable' });
  });

  it('reminds people once of the ticket, two minutes in, and not where one is logged', async () => {
    const { made, watch } = await watched();
    made.pass(119_999);
    await renew(made, 900);
    await assert.rejects(watch());
    assert.equal(messagesIn(made, 'venue-ticket-due').length, 0);
    made.pass(1);
    for (let look = 0; look < 3; look += 1) await assert.rejects(watch());
    assert.equal(messagesIn(made, 'venue-ticket-due').length, 1);
    assert.equal(typesOf(made, 'venue-incident.ticket-due').length, 1);

    const other = await watched();
    await open(other.made, { ticket: 'VN-1', commandId: 'sub-trader/one' });
    other.made.pass(200_000);
    await renew(other.made, 900);
    await assert.rejects(other.watch());
    assert.equal(messagesIn(other.made, 'venue-ticket-due').length, 0);
  });

  it('kills at the deadline also where nobody can be reminded', async () => {
    const { made, watch } = await watched();
    made.pass(300_000);
    await renew(made, 900);
    made.store.commit = () => Promise.reject(new Error('away'));

    await assert.rejects(watch(), { name: 'VenueKillDue' });
  });

  it('leaves the reminder to a look that finds it still due', async () => {
    const { made, watch } = await watched();
    made.pass(150_000);
    await renew(made, 900);
    const get = made.store.get.bind(made.store);
    let reads = 0;
    made.store.get = async (kind, id) => {
      const record = await get(kind, id);
      if (kind === 'VENUEINCIDENT') reads += 1;
      return kind === 'VENUEINCIDENT' && reads > 1 ? undefined : record; // gone when it is looked at again
    };

    await assert.rejects(watch(), { name: 'VenueUnstable' });

    assert.equal(messagesIn(made, 'venue-ticket-due').length, 0);
  });
});

describe('judgeLook', () => {
  const settings = shippedMonitors().defaults;
  const look = (seconds: number, bad: boolean): VenueLook => ({
    ...{ findings: [], alerts: [], settings, now: new Date(START.getTime() + seconds * 1_000) },
    unanswered: bad ? 'XSIM did not answer' : undefined,
  });

  it('never calls stable what was seen to be amiss, or was not seen, within the agreed time', async () => {
    const made = trading();
    await open(made);
    const opened = await incidentIn(made);
    const step = fc.record({ after: fc.integer({ min: 1, max: 90 }), bad: fc.boolean() });
    /** For how many seconds all was seen to be well: nothing where it was not, or not looked at for too long. */
    const wellFor = (before: number | undefined, { after, bad }: { after: number; bad: boolean }) => {
      if (bad) return undefined;
      return before === undefined || after > 45 ? 0 : before + after;
    };

    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (seen) => {
        let [incident, at] = [opened, 0];
        let well: number | undefined;
        for (const each of seen) {
          at += each.after;
          well = wellFor(well, each);
          incident = withLook(incident, look(at, each.bad));
          const { is } = judgeLook(incident, look(at, each.bad));
          assert.equal(is === 'stable', incident.unanswered < 3 && (well ?? 0) >= settings.venue.stableSeconds);
          assert.ok(at < 300 || is !== 'unstable', 'the deadline is absolute');
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('heeds what speaks of the way to a venue, and nothing else', () => {
    const found = (rule: Alert['rule'], subject: string) => ({
      ...{ strategyId: STRATEGY, rule, subject, level: 'page' as const, detail: `${rule} ${subject}` },
    });
    const findings = [
      ...[found('venue', 'backlog@1'), found('latency', 'roundTrip@1'), found('instance', 'lease@1')],
      ...[found('heartbeat', 'orderAcknowledgements@1'), found('telemetry', 'judging venue')],
      ...[found('telemetry', 'round-trips-unreadable@1'), found('telemetry', 'queue-backlog-unreadable@1')],
      ...[found('telemetry', 'judging drift'), found('telemetry', 'judging')],
      ...[found('heartbeat', 'marketData@1'), found('telemetry', 'nan@1'), found('instance', 'duplicate@1')],
      ...[found('clock', '1'), found('drift', 'BTC-PERP')],
    ];

    assert.equal(reasonsIn({ ...look(0, true), findings }).length, 8);
  });
});

describe('killUnstable', () => {
  it('takes the reason of the look that asked for it, else the deadline', async () => {
    const { made, step } = await watched();
    const Cause = JSON.stringify({ errorMessage: JSON.stringify({ message: 'risk is breached' }) });

    await killUnstable({ ...step, failure: { Error: 'VenueKillDue', Cause } }, made.ports);

    assert.equal(entriesOf(made, 'kill.requested')[0]?.payload['reason'], 'risk is breached');
    assert.equal(stateOf(made).latch?.initiatedBy, 'service:venue-instability');
  });

  it('goes through with the store away, into the spool; and is repeated until it is kept somewhere', async () => {
    const { made, step } = await watched();
    made.store.read = () => Promise.reject(new Error('away'));
    made.store.commit = () => Promise.reject(new Error('away'));
    made.store.latchUnconditionally = () => Promise.reject(new Error('away'));

    const { summary } = await killUnstable(step, made.ports);

    assert.match(summary, /durably spooled/);
    made.spool.put = () => Promise.reject(new Error('away'));
    await assert.rejects(killUnstable(step, made.ports), { name: 'StoreUnavailable', message: /NOT latched/ });
  });
});

describe('closing by hand', () => {
  const close = (made: World, id = ID) =>
    closeByHand({ id, actor: risk.subject, key: 'sub-risk/close', request: { note: 'the venue says so' } }, made.ports);

  it('is refused while the venue is unstable, with what is amiss, and before a look has found it stable', async () => {
    const { made, watch } = await watched();
    await assert.rejects(close(made), { name: 'VenueUnstable', message: /round trips/ });

    await renew(made, 20);
    await assert.rejects(close(made), { name: 'VenueUnstable', message: /acknowledgements stay away/ });
    await made.store.put({ kind: 'VENUEINCIDENT', record: { ...(await incidentIn(made)), unstable: [] } });
    await assert.rejects(close(made), { name: 'VenueUnstable', message: /no look has found it so yet/ });
    await assert.rejects(watch(), { name: 'VenueUnstable' });

    const { changed, incident } = await close(made);
    assert.deepEqual([changed, incident.status, incident.endedBy], [true, 'closed', 'sub-risk']);
    assert.equal(stateOf(made).mode, 'THROTTLED');
    assert.ok([...made.evidence.files.keys()].some((key) => key.startsWith(FOLDER) && key.endsWith('-ended.json')));
    await assert.rejects(watch(), { name: 'VenueIncidentOver', message: /closed by hand: the venue says so/ });
  });

  it('leaves alone what is over, whatever the venue does, and refuses what there is not', async () => {
    const { made } = await watched();
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'SAFE' });
    assert.equal((await close(made)).changed, true);

    const again = await closeByHand({ id: ID, actor: risk.subject, key: 'k2', request: { note: 'x' } }, made.ports);

    assert.deepEqual([again.changed, again.incident.outcome], [false, 'closed by hand: the venue says so']);
    await assert.rejects(close(made, 'nothing-XSIM'), { name: 'NotFound' });
  });

  it('leaves alone a newer one that took its place meanwhile', async () => {
    const { made } = await watched(20);
    const seen = { ...(await incidentIn(made)), status: 'closed' as const, runId: 'venue-instability-old' as never };
    const get = made.store.get.bind(made.store);
    let reads = 0;
    made.store.get = async (kind, id) => {
      if (kind === 'VENUEINCIDENT') reads += 1;
      return (kind === 'VENUEINCIDENT' && reads === 1 ? seen : await get(kind, id)) as never;
    };

    assert.equal((await close(made)).changed, false);
    assert.equal((await incidentIn(made)).status, 'open');
  });
});
