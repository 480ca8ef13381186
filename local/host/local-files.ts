import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../aws/write-durably.ts';
import type { Stack } from '../template/open-stack.ts';
import { region } from './host-options.ts';
import type { Installation } from './installation.ts';
import type { Endpoints } from './lambda-environment.ts';
import type { EngineRegistration } from './registered-engines.ts';
import type { Simulation } from './start-simulation.ts';

export type LocalFacts = {
  readonly url: string;
  readonly issuer: string;
  readonly stack: Stack;
  readonly installation: Installation;
  readonly endpoints: Endpoints;
  readonly registrations: readonly EngineRegistration[];
};

/** Writes `local.json` (0600): where everything is, for the command line, the AWS CLI and tests. */
export async function writeLocalFile(
  dataPath: string,
  { url, issuer, stack, installation, ...facts }: LocalFacts,
): Promise<void> {
  const { accessKeyId, secretAccessKey } = installation;
  const document = {
    url,
    issuer,
    clientId: stack.output('OperatorClientId'),
    region,
    accessKeyId,
    secretAccessKey,
    engines: facts.registrations.flatMap(({ id: strategyId, engines }) =>
      engines.map(({ instanceId, controlUrl }) => ({ instanceId, strategyId, url: controlUrl })),
    ),
    endpoints: facts.endpoints,
    tables: { control: stack.output('ControlTable'), ledger: stack.output('LedgerTable') },
    bucket: stack.output('EvidenceBucket'),
  };
  await write(join(dataPath, 'local.json'), document);
}

/** Writes `simulation.json`, where faults are injected; removes that of an earlier start when nothing is simulated. */
export async function writeSimulationFile(
  dataPath: string,
  simulation: Simulation | undefined,
  channelFaultUrl: string,
): Promise<void> {
  const path = join(dataPath, 'simulation.json');
  if (!simulation) return rm(path, { force: true });
  const { engineFaultUrl, venueFaultUrl } = simulation;
  await write(path, { engineFaultUrl, venueFaultUrl, channelFaultUrl });
}

const write = (path: string, document: object) =>
  writeDurably(path, Buffer.from(`${JSON.stringify(document, null, 2)}\n`), { mode: 0o600 });
