import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  GetHostedConfigurationVersionCommand,
  ListApplicationsCommand,
  ListConfigurationProfilesCommand,
  ListDeploymentStrategiesCommand,
  ListEnvironmentsCommand,
  ListHostedConfigurationVersionsCommand,
  UpdateApplicationCommand,
} from '@aws-sdk/client-appconfig';
import { createAppConfig } from '../../../../local/aws/appconfig/appconfig.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { flags, ids, resources } from './flag-profile.ts';
import { type WithAppConfig, withAppConfig } from './with-app-config.ts';

describe('a hosted configuration version', () => {
  let app: WithAppConfig;
  beforeEach(async () => {
    app = await withAppConfig();
  });
  afterEach(() => app.close());

  const read = (VersionNumber: number) =>
    app.client.send(new GetHostedConfigurationVersionCommand({ ...ids, VersionNumber }));

  it('is kept as written, with its label, and numbered from 1', async () => {
    const created = await app.addVersion(false, {
      VersionLabel: 'seed-1',
      Description: 'seeded',
      LatestVersionNumber: 0,
    });

    const found = await read(1);

    assert.deepEqual(
      [created.VersionNumber, created.ApplicationId, created.ConfigurationProfileId],
      [1, 'app0001', 'flag001'],
    );
    assert.deepEqual([Buffer.from(found.Content!), found.ContentType], [flags(false), 'application/json']);
    assert.deepEqual([found.VersionLabel, found.Description, found.VersionNumber], ['seed-1', 'seeded', 1]);
  });

  it('is written by one of 20 racers who saw the same latest version', async () => {
    await app.addVersion(false);

    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => app.addVersion(true, { LatestVersionNumber: 1 })),
    );

    const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.name] : []));
    assert.deepEqual([lost.length, [...new Set(lost)]], [19, ['ConflictException']]);
    await assert.rejects(read(3), { name: 'ResourceNotFoundException' });
  });

  it('is found by the names of application and profile as well', async () => {
    const byName = { ApplicationId: 'TradePulse flags 1', ConfigurationProfileId: 'btc-momentum' };

    const { VersionNumber } = await app.addVersion(true, byName);

    assert.equal(VersionNumber, 1);
  });

  it('is refused for documents that AWS refuses', async () => {
    const attributes = Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`a${index}`, {}]));
    const live = { live: { enabled: true } };
    const documents = [
      'no JSON',
      { version: '2', flags: { live: {} }, values: live },
      { version: '1', flags: { 'live.enabled': {} }, values: {} },
      { version: '1', flags: { live: {} }, values: { live: { enabled: 'yes' } } },
      { version: '1', flags: {}, values: live },
      { version: '1', flags: { live: { owner: 'me' } }, values: live },
      { version: '1', flags: { live: {} }, values: live, extra: true },
      { version: '1', flags: { live: { attributes } }, values: live },
      { version: '1', flags: { live: {} }, values: { live: { enabled: true, limit: 5 } } },
      {
        version: '1',
        flags: { live: { attributes: { limit: { constraints: { type: 'number', maximum: 5, required: true } } } } },
        values: { live: { enabled: true, limit: 6 } },
      },
    ];

    for (const document of documents) {
      const Content = Buffer.from(typeof document === 'string' ? document : JSON.stringify(document));
      await assert.rejects(
        app.addVersion(true, { Content }),
        { name: 'BadRequestException' },
        JSON.stringify(document),
      );
    }
    await app.addVersion(true, {
      ConfigurationProfileId: 'notes',
      Content: Buffer.from('no JSON'),
      ContentType: 'text/plain',
    });
  });

  it('is refused with a label of digits only, and for a profile that is not there', async () => {
    await assert.rejects(app.addVersion(true, { VersionLabel: '12' }), { name: 'BadRequestException' });
    await assert.rejects(app.addVersion(true, { ConfigurationProfileId: 'nothing' }), {
      name: 'ResourceNotFoundException',
      message: /flag001 \(btc-momentum\)/,
    });
  });

  it('survives a restart, and is listed newest first in pages', async () => {
    for (const enabled of [false, true, false]) await app.addVersion(enabled, { VersionLabel: `v${enabled}` });
    app.restart();
    const list = (more: object) => app.client.send(new ListHostedConfigurationVersionsCommand({ ...ids, ...more }));

    const first = await list({ MaxResults: 2 });
    const second = await list({ MaxResults: 2, NextToken: first.NextToken });
    const labelled = await list({ VersionLabel: 'vt*' });

    const numbers = [first, second, labelled].map(({ Items }) => Items?.map(({ VersionNumber }) => VersionNumber));
    assert.deepEqual(numbers, [[3, 2], [1], [2]]);
    assert.equal(second.NextToken, undefined);
  });
});

describe("the template's AppConfig resources", () => {
  it('are listed, and cannot be changed over the wire', async () => {
    const app = await withAppConfig();
    const { ApplicationId } = ids;
    const names = await Promise.all([
      app.client.send(new ListApplicationsCommand({})),
      app.client.send(new ListEnvironmentsCommand({ ApplicationId })),
      app.client.send(new ListConfigurationProfilesCommand({ ApplicationId })),
      app.client.send(new ListDeploymentStrategiesCommand({})),
    ]);

    const update = new UpdateApplicationCommand({ ApplicationId, Name: 'other' });
    await assert.rejects(app.client.send(update), { name: 'UnknownOperationException' });

    await app.close();
    assert.deepEqual(
      names.map(({ Items }) => Items?.map(({ Id }) => Id)),
      [['app0001'], ['env0001', 'env0002'], ['flag001', 'free001'], ['instant', 'linear1', 'expone1']],
    );
  });

  it('are refused when they cannot be served', async () => {
    const folder = await temporaryFolder();
    const service = createAppConfig({ dataPath: `${folder.path}/appconfig.db`, now: () => new Date(0) });
    const [strategy] = resources.strategies;
    const named = { ...strategy!, name: 'AppConfig.AllAtOnce' };

    assert.throws(() => service.registerAppConfig({ ...resources, strategies: [named] }), /belong to AWS/);
    assert.throws(
      () => service.registerAppConfig({ ...resources, applications: [{ id: 'FlagsApplication', name: 'x' }] }),
      /4 to 7/,
    );
    service.close();
    await folder.remove();
  });
});
