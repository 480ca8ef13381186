import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import { mockClient } from 'aws-sdk-client-mock';
import { createFlagReader } from '../../../adapters/aws/appconfig-reader.ts';
import { flag, type LocalFlags, localFlags } from './local-flags.ts';
import { AT } from './samples.ts';

const allowed = async () => undefined;
const UNREADABLE = { live: undefined, version: undefined };

describe('the flag reader on the local AppConfig', () => {
  let local: LocalFlags;
  beforeEach(async () => {
    local = await localFlags();
  });
  afterEach(() => local.close());

  it('cannot read a flag that was never deployed', async () => {
    assert.deepEqual(await local.read(flag, 0), UNREADABLE);
  });

  it('keeps its copy while a poll says that nothing changed', async () => {
    const { version } = await local.flags.enable(flag, allowed);
    const first = await local.read(flag, version);
    local.clock.now += 20_000;

    assert.deepEqual(
      [first, await local.read(flag, version)],
      [
        { live: true, version },
        { live: true, version },
      ],
    );
  });

  it('sees at the next poll what somebody else wrote, whose version it cannot know', async () => {
    await local.flags.disable(flag);
    await local.read(flag, 0);
    await local.writeOutOfBand(true);
    local.clock.now += 20_000;

    assert.deepEqual(await local.read(flag, 0), { live: true, version: undefined });
  });

  it('allows nothing by what somebody else wrote, once our writer has written', async () => {
    const { version } = await local.flags.disable(flag);
    await local.writeOutOfBand(true);

    assert.equal((await local.read(flag, version)).live, undefined);
  });

  it('never says yes from a copy that is older than the last write, not even within the second before it asks again', async () => {
    const on = await local.flags.enable(flag, allowed);
    await local.read(flag, on.version);
    const off = await local.flags.disable(flag);

    const atOnce = await local.read(flag, off.version);
    local.clock.now += 1_000;
    const afterwards = await local.read(flag, off.version);

    assert.deepEqual(
      [atOnce, afterwards],
      [
        { live: undefined, version: on.version },
        { live: false, version: off.version },
      ],
    );
  });
});

describe('the flag reader', () => {
  const client = new AppConfigDataClient({ region: 'us-east-1' });
  const data = mockClient(client);
  const clock = { now: AT.getTime() };
  const values = (text: string, NextPollIntervalInSeconds = 15) => ({
    Configuration: Buffer.from(text) as never, // the stream wrapper that the client adds is not used
    VersionLabel: 'v3',
    NextPollConfigurationToken: 'next',
    NextPollIntervalInSeconds,
  });
  const on = '{"live":{"enabled":true}}';
  let read: ReturnType<typeof createFlagReader>;
  beforeEach(() => {
    data.reset();
    data.on(StartConfigurationSessionCommand).resolves({ InitialConfigurationToken: 'first' });
    read = createFlagReader(client, () => new Date(clock.now));
  });

  for (const [what, text] of [
    ['no JSON', '{'],
    ['another flag', '{"other":{"enabled":true}}'],
    ['text for a truth value', '{"live":{"enabled":"true"}}'],
    ['nothing of a disabled flag', '{"live":{}}'],
  ] as const) {
    it(`allows nothing when it is given ${what}`, async () => {
      data.on(GetLatestConfigurationCommand).resolves(values(text));

      assert.equal((await read(flag, 0)).live, undefined);
    });
  }

  it('asks once in an interval, each time with the newest token', async () => {
    data.on(GetLatestConfigurationCommand).resolves(values(on));
    await read(flag, 3);
    clock.now += 14_999;
    await read(flag, 3);
    clock.now += 1;
    await read(flag, 3);

    const tokens = data.commandCalls(GetLatestConfigurationCommand).map(({ args: [{ input }] }) => input);
    assert.deepEqual(tokens, [{ ConfigurationToken: 'first' }, { ConfigurationToken: 'next' }]);
  });

  it('allows nothing by a copy older than two minutes, however long AppConfig lets it wait', async () => {
    data.on(GetLatestConfigurationCommand).resolves(values(on, 3_600));
    await read(flag, 3);
    clock.now += 120_000;
    const justInTime = await read(flag, 3);
    clock.now += 1;

    assert.deepEqual([justInTime.live, await read(flag, 3)], [true, UNREADABLE]);
  });

  it('reads anew when the clock was set back, since how old its copy is cannot be told', async () => {
    data.on(GetLatestConfigurationCommand).resolvesOnce(values(on)).resolves(values('{"live":{"enabled":false}}'));
    const before = await read(flag, 3);
    clock.now -= 600_000;

    assert.deepEqual([before.live, (await read(flag, 3)).live], [true, false]);
  });

  it('allows nothing while AppConfig does not answer, and opens a new session when it does', async () => {
    data.on(GetLatestConfigurationCommand).resolvesOnce(values(on)).rejectsOnce(new Error('down')).resolves(values(on));
    const readings = [await read(flag, 3)];
    for (let poll = 0; poll < 2; poll += 1) {
      clock.now += 15_000;
      readings.push(await read(flag, 3));
    }

    assert.deepEqual(
      readings.map(({ live }) => live),
      [true, undefined, true],
    );
    assert.equal(data.commandCalls(StartConfigurationSessionCommand).length, 2);
  });

  it('allows nothing without a session token', async () => {
    data.on(StartConfigurationSessionCommand).resolves({});

    assert.deepEqual(await read(flag, 0), UNREADABLE);
  });

  it('polls at the smallest interval when AppConfig names none', async () => {
    data.on(GetLatestConfigurationCommand).resolves({ Configuration: values(on).Configuration, VersionLabel: 'v3' });
    await read(flag, 3);
    clock.now += 15_000;
    await read(flag, 3);

    assert.equal(data.commandCalls(GetLatestConfigurationCommand).length, 2);
  });
});
