import { handle } from 'hono/aws-lambda';
import { apiPorts } from '../../adapters/aws/api-ports.ts';
import { commandApp } from '../../api/command-app.ts';

export const handler = handle(commandApp(apiPorts));
