import { bulkContract } from '../adapters/aws/bulk.contract.ts';
import { killSpoolContract } from '../adapters/aws/kill-spool.contract.ts';
import { ledgerContract } from '../adapters/aws/ledger.contract.ts';
import { recordsContract } from '../adapters/aws/records.contract.ts';
import { refusalsContract } from '../adapters/aws/refusals.contract.ts';
import { strategiesContract } from '../adapters/aws/strategies.contract.ts';
import { versionsContract } from '../adapters/aws/versions.contract.ts';
import { FakeSpool } from './fake-spool.ts';
import { FakeStore } from './fake-store.ts';

const store = new FakeStore();

strategiesContract('FakeStore', () => ({ strategies: store, records: store, ledger: store }));
ledgerContract('FakeStore', () => store);
bulkContract('FakeStore', () => ({ strategies: store, records: store }));
versionsContract('The fakes', () => ({ strategies: store, records: store, ledger: store }));
recordsContract('FakeStore', async () => new FakeStore());
refusalsContract('FakeStore', async () => {
  const fresh = new FakeStore();
  return { refusals: fresh, ledger: fresh };
});

const spool = new FakeSpool();
killSpoolContract('FakeSpool', () => spool);
