import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { GetDeploymentCommand, ListDeploymentsCommand, StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { ids } from './flag-profile.ts';
import { type WithAppConfig, withAppConfig } from './with-app-config.ts';

const minute = 60_000;

describe('a deployment', () => {
  let app: WithAppConfig;
  beforeEach(async () => {
    app = await withAppConfig();
    await app.addVersion(false, { VersionLabel: 'off-1' });
    await app.addVersion(true);
  });
  afterEach(() => app.close());

  const read = (DeploymentNumber: number) => app.client.send(new GetDeploymentCommand({ ...ids, DeploymentNumber }));
  const stop = (DeploymentNumber: number, AllowRevert?: boolean) =>
    app.client.send(
      new StopDeploymentCommand({ ...ids, DeploymentNumber, ...(AllowRevert !== undefined && { AllowRevert }) }),
    );
  const refuses = (action: Promise<unknown>, name: string) => assert.rejects(action, { name });

  it('is complete at once with the strategy of the template, by number or label', async () => {
    const started = await app.deploy('off-1', { LatestDeploymentNumber: 0, Description: 'seed' });

    const { State, PercentageComplete, ConfigurationVersion, VersionLabel, CompletedAt, EventLog } = await read(1);

    assert.equal(started.DeploymentNumber, 1);
    assert.deepEqual([State, PercentageComplete, ConfigurationVersion, VersionLabel], ['COMPLETE', 100, '1', 'off-1']);
    assert.equal(CompletedAt?.getTime(), app.clock.now);
    assert.equal(EventLog?.[0]?.EventType, 'DEPLOYMENT_COMPLETED');
  });

  it('stays complete when the clock is set back, and holds up no other', async () => {
    await app.deploy(2);
    app.clock.now -= 10 * minute;

    assert.equal((await read(1)).State, 'COMPLETE');
    assert.equal((await app.deploy('off-1')).DeploymentNumber, 2);
  });

  it('is started by one of 20 racers who saw the same latest deployment', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => app.deploy(2, { LatestDeploymentNumber: 0 })),
    );

    const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.name] : []));
    assert.deepEqual([lost.length, [...new Set(lost)]], [19, ['ConflictException']]);
  });

  it('grows with the clock, bakes, completes, and keeps others out meanwhile', async () => {
    await app.deploy(2, { DeploymentStrategyId: 'linear1' });
    const seen: unknown[] = [];
    for (const minutes of [0, 2, 9, 10, 14, 15]) {
      const at = app.clock.now;
      app.clock.now += minutes * minute;
      const { State, PercentageComplete } = await read(1);
      seen.push([minutes, State, PercentageComplete]);
      if (State !== 'COMPLETE') await refuses(app.deploy(1), 'ConflictException');
      app.clock.now = at;
    }

    assert.deepEqual(seen, [
      [0, 'DEPLOYING', 20],
      [2, 'DEPLOYING', 40],
      [9, 'DEPLOYING', 100],
      [10, 'BAKING', 100],
      [14, 'BAKING', 100],
      [15, 'COMPLETE', 100],
    ]);
    assert.equal((await app.deploy(1, { EnvironmentId: 'env0002' })).DeploymentNumber, 1);
  });

  it('grows exponentially when its strategy says so', async () => {
    await app.deploy(2, { DeploymentStrategyId: 'expone1' });
    const grown: unknown[] = [];
    for (let step = 0; step < 4; step += 1) {
      grown.push((await read(1)).PercentageComplete);
      app.clock.now += 2.5 * minute;
    }

    assert.deepEqual(grown, [20, 40, 80, 100]);
  });

  it('is rolled back by a stop while in progress, also when baking', async () => {
    await app.deploy(2, { DeploymentStrategyId: 'linear1' });
    const stopped = await stop(1);
    await app.deploy(2, { DeploymentStrategyId: 'linear1', LatestDeploymentNumber: 1 });
    app.clock.now += 12 * minute;
    const baking = await stop(2);

    assert.deepEqual(
      [stopped.State, stopped.$metadata.httpStatusCode, baking.State],
      ['ROLLED_BACK', 202, 'ROLLED_BACK'],
    );
    await refuses(stop(2), 'BadRequestException');
  });

  it('is reverted only when complete, allowed, newest, and younger than 72 hours', async () => {
    await app.deploy(1);
    await app.deploy(2);
    await refuses(stop(2), 'BadRequestException');
    await refuses(stop(1, true), 'BadRequestException');

    const { State } = await stop(2, true);

    assert.equal(State, 'REVERTED');
    app.clock.now += 73 * 60 * minute;
    await refuses(stop(1, true), 'BadRequestException');
  });

  it('is refused with an unknown version or strategy, and never all at once', async () => {
    await refuses(app.deploy(9), 'BadRequestException');
    await refuses(app.deploy('no-label'), 'BadRequestException');
    await refuses(app.deploy(1, { DeploymentStrategyId: 'nothing' }), 'ResourceNotFoundException');
    await assert.rejects(app.deploy(1, { DeploymentStrategyId: 'AppConfig.AllAtOnce' }), {
      name: 'BadRequestException',
      message: /bakes for ten minutes/,
    });
    await refuses(app.deploy(1, { LatestDeploymentNumber: 3 }), 'ConflictException');
    await refuses(read(1), 'ResourceNotFoundException');
  });

  it('survives a restart, and is listed newest first in pages', async () => {
    for (const version of [1, 2, 1]) await app.deploy(version);
    app.restart();
    const list = (more: object) => app.client.send(new ListDeploymentsCommand({ ...ids, ...more }));

    const first = await list({ MaxResults: 2 });
    const second = await list({ MaxResults: 2, NextToken: first.NextToken });

    const rows = [first, second].flatMap(({ Items = [] }) =>
      Items.map((item) => [item.DeploymentNumber, item.ConfigurationVersion, item.State]),
    );
    assert.deepEqual(rows, [
      [3, '1', 'COMPLETE'],
      [2, '2', 'COMPLETE'],
      [1, '1', 'COMPLETE'],
    ]);
  });
});
