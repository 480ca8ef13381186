import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Delivery } from '../../domain/communications/delivery.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { type HostToCrash, hostToCrash } from './host-to-crash.ts';
import { killed, startLaunch, stopPath } from './launching.ts';
import { BTC, EUR, type OnALocalHost, onALocalHost, settledOn } from './on-a-local-host.ts';
import { deliveriesNow, TOLD_OF_A_KILL, told, type Wanted } from './told.ts';

/** The delivery over one channel, as soon as it is in this state. */
const becomes = (here: OnALocalHost, wanted: Wanted, channel: string, status: Delivery['status'], withinMs = 40_000) =>
  eventually(
    `${wanted.trigger} ${status} over ${channel}`,
    () => delay(50).then(async () => (await deliveriesNow(here, wanted)).find((each) => each.channel === channel)),
    (delivery) => delivery?.status === status,
    withinMs,
  ).then((delivery) => delivery as Delivery); // it is in that state

/** What arrived at the provider of a channel. */
const arrived = async ({ cli }: OnALocalHost, channel: string, words: string) =>
  (await cli('outbox', '--channel', channel)).lines.filter(({ text }) => String(text).includes(words));

describe('runbook 6: proof of delivery', () => {
  const here = onALocalHost();

  it('a test of a channel arrives by the courier, and is acknowledged', async () => {
    const { code, words } = await here.cli('comms', 'test', '#trading-ops', '--as', 'risk');

    assert.equal(code, 0, words);
    const unknown = await here.ask('/v1/channel-tests', { as: 'risk', body: { channel: '#nowhere' } });
    assert.deepEqual([unknown.status, unknown.body['code']], [404, 'UnknownChannel']);
    assert.match(String(unknown.body['next']), /'#trading-ops'/);
    assert.equal((await here.ask('/v1/channel-tests', { as: 'quant', body: { channel: '#risk' } })).status, 403);
  });

  it('a dead channel holds up neither a kill nor any other channel, and is told as soon as it lives again', async () => {
    await here.fault('channel-down', true, '#incidents');

    const run = await killed(here, EUR, 'trader', 'a dead channel');
    await here.modeIs(EUR, 'KILLED');

    const wanted = { trigger: 'kill-switch', run } as const;
    for (const channel of TOLD_OF_A_KILL.filter((each) => each !== '#incidents'))
      await becomes(here, wanted, channel, 'acknowledged');
    await here.fault('channel-down', false);
    const { attempts } = await becomes(here, wanted, '#incidents', 'acknowledged', 70_000);
    assert.ok(attempts.length > 1 && attempts.slice(0, -1).every(({ outcome }) => outcome === 'retry'));
    const { acknowledged, fromEvent } = Object((await here.look('/v1/health'))['alertBudget']);
    assert.ok(acknowledged >= 5 && fromEvent.p50Ms > 0, 'the alert budget is measured');
  });
});

describe('runbook 6: providers that misbehave', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const stopped = async (reason: string) => {
    const run = await here.accepted(stopPath(BTC), { as: 'trader', body: { reason } });
    await here.ended(run);
    return { trigger: 'halt-confirmed', run } as const;
  };

  it('a channel that stays dead is given up within a minute: another one takes over, once, and health says so', async () => {
    await here.fault('channel-down', true, '#incidents');

    const wanted = { trigger: 'kill-switch', run: await killed(here, EUR, 'trader', 'a dead channel') } as const;
    const dead = await becomes(here, wanted, '#incidents', 'failed', 120_000);
    const taken = await becomes(here, wanted, 'on-call mail', 'acknowledged');

    assert.deepEqual([dead.escalatedTo, taken.escalatedFrom], ['on-call mail', '#incidents']);
    assert.ok(dead.attempts.every(({ outcome }) => outcome === 'retry'));
    assert.equal((await arrived(here, 'on-call mail', 'a dead channel')).length, 1);
    await here.fault('channel-down', false);
    const { checks } = await here.look('/v1/health');
    assert.match(JSON.stringify(checks), /1 failed within the hour \(kill-switch on #incidents\)/);
  });

  it('a slow channel holds up no stop: it ends as fast, and the channel is told when it answers again', async () => {
    await startLaunch(here, BTC);
    await here.fault('channel-slow', true);

    const wanted = await stopped('a slow channel');
    await here.fault('channel-slow', false);

    const { attempts } = await becomes(here, wanted, '#trading-ops', 'acknowledged', 120_000);
    assert.ok(attempts.length >= 1);
  });

  it('a rate limit is sat out: the provider is left alone for as long as it asks', async () => {
    await here.fault('channel-429', true, '#trading-ops');
    await startLaunch(here, BTC);
    const wanted = await stopped('a rate limit');
    await here.fault('channel-429', false);

    const { attempts } = await becomes(here, wanted, '#trading-ops', 'acknowledged', 120_000);

    const pauses = attempts.slice(1).map(({ at }, before) => Date.parse(at) - Date.parse(attempts[before]?.at ?? ''));
    assert.ok(
      pauses.every((pause) => pause >= 1_000),
      `it asked for a second: ${pauses}`,
    );
  });

  it('an answer that is lost makes a message arrive twice, never none: at least once', async () => {
    await here.fault('channel-duplicate', true, '#trading-ops');
    await startLaunch(here, BTC);

    const wanted = await stopped('a lost answer');
    await becomes(here, wanted, '#trading-ops', 'acknowledged', 120_000);

    assert.equal((await arrived(here, '#trading-ops', `${BTC} is stopped and settled`)).length >= 2, true);
    await here.fault('channel-duplicate', false);
  });
});

describe('runbook 6: messages of a host that dies', { skip: !isDeep && DEEP }, () => {
  let host: HostToCrash;
  after(() => host.end());

  it('are sent when it is there again, to every channel, by the sweep', async () => {
    host = await hostToCrash();
    let here = await settledOn(await host.start());
    await here.fault('channel-500', true);
    const run = await killed(here, BTC, 'trader', 'a power cut');
    await eventually(
      'a first try',
      () => deliveriesNow(here, { trigger: 'kill-switch', run }),
      (deliveries) => deliveries.some(({ attempts }) => attempts.length > 0),
    );

    await host.crash();
    here = await settledOn(await host.start());

    for (const channel of TOLD_OF_A_KILL)
      await becomes(here, { trigger: 'kill-switch', run }, channel, 'acknowledged', 150_000);
    await told(here, { trigger: 'kill-switch', run }, TOLD_OF_A_KILL);
  });
});
