import { handle } from 'hono/aws-lambda';
import { ports } from '../../adapters/aws/ports.ts';
import { queryApp } from '../../api/query-app.ts';

export const handler = handle(queryApp(ports));
