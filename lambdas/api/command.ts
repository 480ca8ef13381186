import { handle } from 'hono/aws-lambda';
import { ports } from '../../adapters/aws/ports.ts';
import { commandApp } from '../../api/command-app.ts';

export const handler = handle(commandApp(ports));
