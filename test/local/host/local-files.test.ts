import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { installationOf } from '../../../local/host/installation.ts';
import { endpointsOf, lambdaEnvironment } from '../../../local/host/lambda-environment.ts';
import { writeLocalFile, writeSimulationFile } from '../../../local/host/local-files.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';
import { writtenStack } from '../template/written-stack.ts';

const url = 'http://127.0.0.1:4510';
const endpoints = endpointsOf(url, 'http://127.0.0.1:1', 'http://127.0.0.1:2');

describe('the files of the data folder', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    temporary = await temporaryFolder();
  });
  after(() => temporary.remove());
  const read = (name: string) => JSON.parse(readFileSync(join(temporary.path, name), 'utf8'));

  it('tell the command line, the AWS CLI and tests where everything is, and nobody else', async () => {
    const installation = await installationOf(temporary.path);
    const names = ['OperatorClientId', 'ControlTable', 'LedgerTable', 'EvidenceBucket'];
    const Outputs = Object.fromEntries(names.map((name) => [name, { Value: `the ${name}` }]));
    const stack = writtenStack(join(temporary.path, 'out'), { Outputs });
    const engines = [{ instanceId: 'a-1', controlUrl: 'http://127.0.0.1:4511/a-1', clientId: 'a-1' }];
    const registrations = [{ id: 'a', desk: 'd', primaryVenue: 'XSIM', venues: [], engines }];

    const facts = { url, issuer: `${url}/oidc`, stack, installation, endpoints, registrations };
    await writeLocalFile(temporary.path, facts);

    const { accessKeyId, engines: written, tables, clientId, bucket } = read('local.json');
    assert.equal(accessKeyId, installation.accessKeyId);
    assert.deepEqual(written, [{ instanceId: 'a-1', strategyId: 'a', url: 'http://127.0.0.1:4511/a-1' }]);
    assert.deepEqual(tables, { control: 'the ControlTable', ledger: 'the LedgerTable' });
    assert.deepEqual([clientId, bucket], ['the OperatorClientId', 'the EvidenceBucket']);
    assert.equal(statSync(join(temporary.path, 'local.json')).mode & 0o777, 0o600);
  });

  it('say where faults are injected, and nothing once nothing is simulated', async () => {
    const simulation = {
      engineFaultUrl: 'http://127.0.0.1:3',
      venueFaultUrl: 'http://127.0.0.1:4',
      stop: async () => {},
    };
    await writeSimulationFile(temporary.path, simulation, 'http://127.0.0.1:5/sinks');
    assert.deepEqual(read('simulation.json'), {
      engineFaultUrl: 'http://127.0.0.1:3',
      venueFaultUrl: 'http://127.0.0.1:4',
      channelFaultUrl: 'http://127.0.0.1:5/sinks',
    });

    await writeSimulationFile(temporary.path, undefined, 'http://127.0.0.1:5/sinks');
    await writeSimulationFile(temporary.path, undefined, 'http://127.0.0.1:5/sinks');

    assert.equal(existsSync(join(temporary.path, 'simulation.json')), false);
  });
});

describe('lambdaEnvironment', () => {
  it('leads every AWS client to this machine, and none to the AWS settings of whoever sits there', () => {
    const environment = lambdaEnvironment(endpoints, {
      ...{ accessKeyId: 'AKIA', secretAccessKey: 'secret', seed: '' },
      manifestKey: { privateKey: '', publicKey: '' },
    });

    const led = Object.entries(environment).filter(([name]) => name.startsWith('AWS_ENDPOINT_URL_'));
    assert.equal(led.length, Object.keys(endpoints).length);
    assert.deepEqual(led.map(([, where]) => where).toSorted(), Object.values(endpoints).toSorted());
    assert.equal(environment.AWS_ENDPOINT_URL_SECRETS_MANAGER, `${url}/aws/secretsmanager`);
    assert.equal(environment.AWS_CONFIG_FILE, environment.AWS_SHARED_CREDENTIALS_FILE);
    assert.equal(environment.AWS_SECRET_ACCESS_KEY, 'secret');
  });
});
