import { handle } from 'hono/aws-lambda';
import { monitorPorts } from '../../adapters/aws/monitor-ports.ts';
import { monitorApp } from '../../api/monitor-app.ts';

export const handler = handle(monitorApp(monitorPorts));
