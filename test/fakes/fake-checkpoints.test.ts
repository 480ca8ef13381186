import { checkpointsContract } from '../adapters/aws/checkpoints.contract.ts';
import { FakeCheckpoints } from './fake-checkpoints.ts';
import { FakeStore } from './fake-store.ts';

checkpointsContract('FakeCheckpoints', () => {
  const store = new FakeStore();
  return { checkpoints: new FakeCheckpoints(store), ledger: store, strategies: store };
});
