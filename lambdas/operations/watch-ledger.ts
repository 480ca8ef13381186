import { ledgerWatchPorts } from '../../adapters/aws/ledger-watch-ports.ts';
import { LedgerStream, watchLedger } from '../../domain/ledger/watch-ledger.ts';
import { step } from '../step.ts';

export const handler = step(LedgerStream, (stream) => watchLedger(stream, ledgerWatchPorts));
