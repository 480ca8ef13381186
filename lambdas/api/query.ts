import { handle } from 'hono/aws-lambda';
import { apiPorts } from '../../adapters/aws/api-ports.ts';
import { queryApp } from '../../api/query-app.ts';

export const handler = handle(queryApp(apiPorts));
