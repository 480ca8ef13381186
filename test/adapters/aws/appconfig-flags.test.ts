import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  AppConfigClient,
  BadRequestException,
  ConflictException,
  CreateHostedConfigurationVersionCommand,
  GetDeploymentCommand,
  InternalServerException,
  ListDeploymentsCommand,
  ListHostedConfigurationVersionsCommand,
  StartDeploymentCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import { mockClient } from 'aws-sdk-client-mock';
import { AppConfigFlags } from '../../../adapters/aws/appconfig-flags.ts';
import { flagsContract } from './flags.contract.ts';
import { flag, type LocalFlags, localFlags, slowly } from './local-flags.ts';

const allowed = async () => undefined;
const opened: LocalFlags[] = [];
const open = async (pauseMs?: number) => {
  const local = await localFlags(pauseMs);
  opened.push(local);
  return local;
};
afterEach(() => Promise.all(opened.splice(0).map((local) => local.close())));

flagsContract('AppConfigFlags', async () => (await open()).flags);

describe('AppConfigFlags on the local AppConfig', () => {
  let local: LocalFlags;
  beforeEach(async () => {
    local = await open();
  });

  it('holds a lock even for the first enable of all: it is off before it is on', async () => {
    const { version, deployment } = await local.flags.enable(flag, allowed);

    assert.deepEqual([version, deployment], [2, 2]);
    assert.deepEqual(await local.deployments(), ['2 COMPLETE', '1 COMPLETE']);
  });

  it('refuses to enable over a version that somebody else wrote meanwhile', async () => {
    await local.flags.disable(flag);

    await assert.rejects(
      local.flags.enable(flag, () => local.writeOutOfBand(false)),
      { name: 'FlagConflict' },
    );

    assert.equal((await local.readAfresh()).live, false);
  });

  it('refuses to enable while another deployment is under way, which goes on', async () => {
    await local.flags.disable(flag);
    await local.writeOutOfBand(false, 'linear1');

    await assert.rejects(local.flags.enable(flag, allowed), { name: 'FlagConflict' });

    assert.deepEqual(await local.deployments(), ['2 DEPLOYING', '1 COMPLETE']);
  });

  it('stops an enable in flight and switches off', async () => {
    await local.flags.disable(flag);
    await local.writeOutOfBand(true, 'linear1');

    const { deployment } = await local.flags.disable(flag);

    assert.deepEqual(await local.deployments(), [`${deployment} COMPLETE`, '2 ROLLED_BACK', '1 COMPLETE']);
    assert.equal((await local.readAfresh()).live, false);
  });

  it('is told of a disable that stopped its deployment, as a conflict', async () => {
    await local.flags.disable(flag);
    let enabling = true;
    const racing = await open(0);
    await racing.flags.disable(flag);
    const flags = new AppConfigFlags(new AppConfigClient({}), racing.read, async () => {
      if (enabling) await racing.flags.disable(flag);
      enabling = false;
    });

    await assert.rejects(flags.enable(slowly, allowed), { name: 'FlagConflict' });

    assert.equal((await racing.readAfresh()).live, false);
  });

  it('never stops a deployment that switches off: rolling that back would switch on', async () => {
    await local.flags.enable(flag, allowed);
    const other = new AppConfigFlags(new AppConfigClient({}), local.read, async () => {
      if ((await local.deployments())[0]?.endsWith('DEPLOYING')) await local.flags.disable(flag);
      local.clock.now += 60_000;
    });

    await other.disable(slowly);

    const states = await local.deployments();
    assert.deepEqual(
      states.filter((state) => !state.endsWith('COMPLETE')),
      [],
    );
    assert.equal((await local.readAfresh()).live, false);
  });
});

describe('AppConfigFlags against what the local AppConfig never does', () => {
  const client = new AppConfigClient({});
  const appConfig = mockClient(client);
  const flags = new AppConfigFlags(
    client,
    async () => ({ live: undefined, version: undefined }),
    async () => undefined,
  );
  const said = { message: 'said AWS', $metadata: {} };
  const conflict = new ConflictException(said);
  const complete = { State: 'COMPLETE' as const, CompletedAt: new Date(0) };
  beforeEach(() => {
    appConfig.reset();
    appConfig.on(ListHostedConfigurationVersionsCommand).resolves({ Items: [{ VersionNumber: 4 }] });
    appConfig.on(ListDeploymentsCommand).resolves({ Items: [{ DeploymentNumber: 7 }] });
    appConfig.on(CreateHostedConfigurationVersionCommand).resolves({ VersionNumber: 5 });
    appConfig.on(StartDeploymentCommand).resolves({ DeploymentNumber: 8 });
    appConfig.on(GetDeploymentCommand).resolves(complete);
  });

  it('passes both locks it read, to every write', async () => {
    await flags.enable(flag, allowed);

    const [version] = appConfig.commandCalls(CreateHostedConfigurationVersionCommand);
    const [deployment] = appConfig.commandCalls(StartDeploymentCommand);
    assert.equal(version?.args[0].input.LatestVersionNumber, 4);
    assert.equal(deployment?.args[0].input.LatestDeploymentNumber, 7);
  });

  it('says off only when the deployment is complete', async () => {
    appConfig
      .on(GetDeploymentCommand)
      .resolvesOnce({ State: 'DEPLOYING' })
      .resolvesOnce({ State: 'BAKING' })
      .resolves(complete);

    assert.equal((await flags.disable(flag)).state, 'COMPLETE');
    assert.equal(appConfig.commandCalls(GetDeploymentCommand).length, 3);
  });

  it('gives up on one that never completes, so that the machine tries again', async () => {
    appConfig.on(GetDeploymentCommand).resolves({ State: 'DEPLOYING' });

    await assert.rejects(flags.disable(flag), /did not complete in 10 s/);
  });

  it('starts another disable when its own was stopped', async () => {
    appConfig.on(GetDeploymentCommand).resolvesOnce({ State: 'ROLLED_BACK' }).resolves(complete);

    assert.equal((await flags.disable(flag)).state, 'COMPLETE');
    assert.equal(appConfig.commandCalls(StartDeploymentCommand).length, 2);
  });

  it('tries a disable twenty times over conflicts, and then passes the conflict on', async () => {
    appConfig.on(StartDeploymentCommand).rejects(conflict);

    await assert.rejects(flags.disable(flag), conflict);
    assert.equal(appConfig.commandCalls(StartDeploymentCommand).length, 20);
  });

  it('goes on when what it wanted to stop had completed by itself', async () => {
    appConfig.on(StartDeploymentCommand).rejectsOnce(conflict).resolves({ DeploymentNumber: 8 });
    appConfig.on(GetDeploymentCommand).resolvesOnce({ State: 'DEPLOYING' }).resolves(complete);
    appConfig.on(StopDeploymentCommand).rejects(new BadRequestException(said));

    assert.equal((await flags.disable(flag)).state, 'COMPLETE');
  });

  it('takes no other fault for a conflict', async () => {
    const fault = new InternalServerException(said);
    appConfig.on(StartDeploymentCommand).rejects(fault);

    await assert.rejects(flags.enable(flag, allowed), fault);
    await assert.rejects(flags.disable(flag), fault);
  });

  it('deploys no version that AppConfig gave no number', async () => {
    appConfig.on(CreateHostedConfigurationVersionCommand).resolves({});

    await assert.rejects(flags.disable(flag), /no version number/);
    assert.equal(appConfig.commandCalls(StartDeploymentCommand).length, 0);
  });

  it('passes on why an enable could not be stopped', async () => {
    const fault = new InternalServerException(said);
    appConfig.on(StartDeploymentCommand).rejects(conflict);
    appConfig.on(GetDeploymentCommand).resolves({ State: 'DEPLOYING' });
    appConfig.on(StopDeploymentCommand).rejects(fault);

    await assert.rejects(flags.disable(flag), fault);
  });

  it('disables where nothing was ever deployed, and has nothing to stop', async () => {
    appConfig.on(ListDeploymentsCommand).resolves({});
    appConfig.on(ListHostedConfigurationVersionsCommand).resolves({});
    appConfig.on(CreateHostedConfigurationVersionCommand).rejectsOnce(conflict).resolves({ VersionNumber: 5 });

    assert.equal((await flags.disable(flag)).version, 5);
  });
});
