import { handle } from 'hono/aws-lambda';
import { queryPorts } from '../../adapters/aws/query-ports.ts';
import { queryApp } from '../../api/query-app.ts';

export const handler = handle(queryApp(queryPorts));
