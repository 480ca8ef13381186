import { ledgerContract } from '../adapters/aws/ledger.contract.ts';
import { recordsContract } from '../adapters/aws/records.contract.ts';
import { strategiesContract } from '../adapters/aws/strategies.contract.ts';
import { FakeStore } from './fake-store.ts';

const store = new FakeStore();

strategiesContract('FakeStore', () => ({ strategies: store, records: store, ledger: store }));
ledgerContract('FakeStore', () => store);
recordsContract('FakeStore', async () => new FakeStore());
