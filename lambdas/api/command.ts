import { handle } from 'hono/aws-lambda';
import { commandPorts } from '../../adapters/aws/command-ports.ts';
import { commandApp } from '../../api/command-app.ts';

export const handler = handle(commandApp(commandPorts));
