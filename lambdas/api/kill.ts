import { handle } from 'hono/aws-lambda';
import { killPorts } from '../../adapters/aws/kill-ports.ts';
import { killApp } from '../../api/kill-app.ts';

killPorts.prepare();
export const handler = handle(killApp(killPorts));
