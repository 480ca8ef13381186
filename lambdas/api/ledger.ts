import { handle } from 'hono/aws-lambda';
import { ledgerPorts } from '../../adapters/aws/ledger-ports.ts';
import { ledgerApp } from '../../api/ledger-app.ts';

export const handler = handle(ledgerApp(ledgerPorts));
