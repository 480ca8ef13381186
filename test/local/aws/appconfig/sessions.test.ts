import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { GetLatestConfigurationCommand, StartConfigurationSessionCommand } from '@aws-sdk/client-appconfigdata';
import { ids } from './flag-profile.ts';
import { type WithAppConfig, withAppConfig } from './with-app-config.ts';

const identifiers = {
  ApplicationIdentifier: 'app0001',
  EnvironmentIdentifier: 'btc-momentum',
  ConfigurationProfileIdentifier: 'flag001',
};
const hour = 3_600_000;

describe('a reader of the flag', () => {
  let app: WithAppConfig;
  beforeEach(async () => {
    app = await withAppConfig();
    await app.addVersion(false, { VersionLabel: 'off-1' });
    await app.addVersion(true);
  });
  afterEach(() => app.close());

  const start = async (more = {}) => {
    const { InitialConfigurationToken } = await app.reader.send(
      new StartConfigurationSessionCommand({ ...identifiers, ...more }),
    );
    return InitialConfigurationToken;
  };
  const poll = (ConfigurationToken: string | undefined) =>
    app.reader.send(new GetLatestConfigurationCommand({ ConfigurationToken }));
  const textOf = ({ Configuration }: Awaited<ReturnType<typeof poll>>) =>
    Configuration?.length ? Buffer.from(Configuration).toString() : undefined;
  const enabledNow = async () => textOf(await poll(await start()));

  it('gets the values alone, nothing while unchanged, and the new values after a flip', async () => {
    await app.deploy(1);
    const first = await poll(await start());
    const unchanged = await poll(first.NextPollConfigurationToken);
    await app.deploy(2);

    const flipped = await poll(unchanged.NextPollConfigurationToken);

    assert.deepEqual([first, unchanged, flipped].map(textOf), [
      '{"live":{"enabled":false}}',
      undefined,
      '{"live":{"enabled":true}}',
    ]);
    assert.deepEqual(
      [first.VersionLabel, first.ContentType, first.NextPollIntervalInSeconds],
      ['off-1', 'application/json', 60],
    );
  });

  it('is refused a used token, an unknown one, and one older than a day', async () => {
    await app.deploy(1);
    const token = await start();
    const { NextPollConfigurationToken } = await poll(token);

    for (const bad of [token, 'unknown'])
      await assert.rejects(poll(bad), { name: 'BadRequestException', Reason: 'InvalidParameters' });
    app.clock.now += 24 * hour + 1;
    await assert.rejects(poll(NextPollConfigurationToken), {
      name: 'BadRequestException',
      message: /older than a day/,
    });
  });

  it('keeps its session through a restart', async () => {
    await app.deploy(1);
    const { NextPollConfigurationToken } = await poll(await start());
    app.restart();

    assert.equal(textOf(await poll(NextPollConfigurationToken)), undefined);
  });

  it('is held to the interval it asked for, which is at least 15 seconds', async () => {
    await app.deploy(1);
    await assert.rejects(start({ RequiredMinimumPollIntervalInSeconds: 14 }), { name: 'BadRequestException' });
    const { NextPollConfigurationToken, NextPollIntervalInSeconds } = await poll(
      await start({ RequiredMinimumPollIntervalInSeconds: 15 }),
    );

    app.clock.now += 14_999;
    await assert.rejects(poll(NextPollConfigurationToken), { message: /at least 15 s/ });
    app.clock.now += 1;
    await poll(NextPollConfigurationToken);

    assert.equal(NextPollIntervalInSeconds, 15);
  });

  it('is told that nothing is deployed, and may use its token again then', async () => {
    const token = await start();
    await assert.rejects(poll(token), { name: 'ResourceNotFoundException' });
    await app.deploy(1);

    assert.equal(textOf(await poll(token)), '{"live":{"enabled":false}}');
  });

  it('falls back to the version before when a deployment is rolled back or reverted', async () => {
    await app.deploy(1);
    await app.deploy(2, { DeploymentStrategyId: 'linear1' });
    app.clock.now += 12 * 60_000;
    const baking = await enabledNow();
    await app.client.send(new StopDeploymentCommand({ ...ids, DeploymentNumber: 2 }));
    const rolledBack = await enabledNow();
    await app.deploy(2);
    const flipped = await enabledNow();
    await app.client.send(new StopDeploymentCommand({ ...ids, DeploymentNumber: 3, AllowRevert: true }));

    const reverted = await enabledNow();

    const [off, on] = ['{"live":{"enabled":false}}', '{"live":{"enabled":true}}'];
    assert.deepEqual([baking, rolledBack, flipped, reverted], [on, off, on, off]);
  });

  it('sees one environment alone, and is refused one that is not there', async () => {
    await app.deploy(2, { EnvironmentId: 'env0002' });

    await assert.rejects(enabledNow(), { name: 'ResourceNotFoundException' });
    await assert.rejects(start({ EnvironmentIdentifier: 'nowhere' }), { name: 'ResourceNotFoundException' });
  });
});
