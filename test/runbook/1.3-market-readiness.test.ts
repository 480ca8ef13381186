import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { VenueDetails, Venues } from '../../cli/replies.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { shippedCalendar } from '../fakes/calendars.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { answer, isWithdrawn, killed, launchedUntil, startLaunch } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';
import { told } from './told.ts';

describe('runbook 1.3: market readiness, on a real host', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const halted = (reason: string) => here.cli('venue', 'halt', 'XSIM', '--reason', reason, '--as', 'sre');
  const resumed = () => here.cli('venue', 'end-halt', 'XSIM', '--as', 'sre');

  it('knows the calendars of the deployment by their digests, each with an entry in the ledger of the desk', async () => {
    const { venues } = Venues.parse(await here.look('/v1/venues'));
    const registered = (await here.log('desk')).entries.filter(({ entry }) => entry['type'] === 'calendar.registered');

    assert.deepEqual(
      venues.map(({ mic }) => mic),
      ['XCME', 'XCRY', 'XETR', 'XLON', 'XNAS', 'XNYS', 'XSIF', 'XSIM', 'XTKS'],
    );
    assert.equal(venues.find(({ mic }) => mic === 'XTKS')?.digest, digestOf(shippedCalendar('XTKS')));
    assert.equal(registered.length, venues.length);
    assert.deepEqual(
      venues.filter(({ mic }) => mic.startsWith('XSI')).map(({ state }) => state),
      ['open', 'open'],
    );
  });

  it('postpones a launch while its venue is halted, releases everything, and tells #trading-ops', async () => {
    assert.equal((await halted('the venue announced an outage')).code, 0);

    const failure = await isWithdrawn(here, await startLaunch(here, BTC), BTC, 'LaunchPostponed');

    assert.match(String(failure?.message), /halt\.XSIM is halted since .*the venue announced an outage/);
    assert.match(String(failure?.next), /launch again when trading is resumed/);
    const [message] = await told(here, { trigger: 'launch-postponed' }, ['#trading-ops']);
    assert.match(String(message?.subject), new RegExp(`^Launch of ${BTC} postponed: `));
    assert.match(String(message?.text), /the venue announced an outage/);
    assert.equal((await here.eyes[BTC].engine())['artifactDigest'], null);
  });

  it('lets an engineer alone end the halt', async () => {
    const [halt] = VenueDetails.parse(await here.look('/v1/venues/XSIM')).halts;
    const path = `/v1/venues/XSIM/halts/${halt?.id}/end`;

    assert.equal((await here.ask(path, { as: 'trader', body: {} })).body['code'], 'WrongRole');
    assert.equal((await resumed()).code, 0);
    assert.deepEqual(VenueDetails.parse(await here.look('/v1/venues/XSIM')).halts, []);
  });

  it('stops a launch whose venue is halted after the gates, at the flip', { skip: !isDeep && DEEP }, async () => {
    const runId = await launchedUntil(here, BTC, 'the flip');
    await halted('limit up');

    await answer(here, await here.question(runId, 'flag-flip'), 'trader');

    await isWithdrawn(here, runId, BTC, 'LaunchPostponed');
    await told(here, { trigger: 'launch-postponed', run: runId }, ['#trading-ops']);
    assert.equal((await resumed()).code, 0);
  });

  describe('OpenFeature: live.enabled over OFREP, with the provider that everybody uses', () => {
    const live = async (fallback: boolean) =>
      OpenFeature.getClient().getBooleanDetails('live.enabled', fallback, { targetingKey: BTC });
    const connect = async (as: 'auditor' | undefined) => {
      const token = as && (await here.tokenOf.user(as));
      const headers: [string, string][] = token === undefined ? [] : [['authorization', `Bearer ${token}`]];
      await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: here.host.url, headers }));
    };

    it('is false before a launch, and the default for whoever shows no token', async () => {
      await connect('auditor');
      const off = await live(true);
      await connect(undefined);
      const unknown = await live(false);

      assert.deepEqual([off.value, off.variant, off.flagMetadata['mode']], [false, 'off', 'OFF']);
      assert.deepEqual([unknown.value, unknown.reason], [false, 'ERROR']);
    });

    it('is true while the strategy is live, false as soon as it is killed, and the default once the host is down', async () => {
      await launchedUntil(here, BTC, 'nothing: it is live');
      await connect('auditor');
      const allowed = await eventually(
        'live.enabled',
        () => live(false),
        ({ value }) => value,
      );
      await killed(here, BTC, 'trader', 'the flag must say so');
      const after = await live(true);
      await here.host.close();
      const gone = await live(false);

      assert.deepEqual([allowed.variant, allowed.reason, after.value], ['on', 'STATIC', false]);
      assert.match(String(after.flagMetadata['because']), /the flag must say so/);
      assert.deepEqual([gone.value, gone.reason], [false, 'ERROR']);
    });
  });
});
