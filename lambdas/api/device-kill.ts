import { handle } from 'hono/aws-lambda';
import { deviceKillPorts } from '../../adapters/aws/device-kill-ports.ts';
import { deviceKillApp } from '../../api/device-kill-app.ts';

setImmediate(deviceKillPorts.prepare); // after the import, which a sandbox waits for
export const handler = handle(deviceKillApp(deviceKillPorts));
