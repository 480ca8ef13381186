import { evidenceContract } from '../adapters/aws/evidence.contract.ts';
import { executionsContract } from '../adapters/aws/executions.contract.ts';
import { flagsContract } from '../adapters/aws/flags.contract.ts';
import { FakeEvidence, FakeExecutions, FakeFlags } from './fake-outside.ts';

flagsContract('FakeFlags', async () => new FakeFlags());
evidenceContract('FakeEvidence', () => new FakeEvidence());
executionsContract('FakeExecutions', () => {
  const executions = new FakeExecutions();
  return { executions, started: async (name) => executions.started.filter((each) => each.name === name).length };
});
