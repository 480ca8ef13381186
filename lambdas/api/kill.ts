import { handle } from 'hono/aws-lambda';
import { killPorts } from '../../adapters/aws/kill-ports.ts';
import { killApp } from '../../api/kill-app.ts';

setImmediate(killPorts.prepare); // after the import, which a sandbox waits for
export const handler = handle(killApp(killPorts));
