import { handle } from 'hono/aws-lambda';
import { launchPorts } from '../../adapters/aws/launch-ports.ts';
import { launchApp } from '../../api/launch-app.ts';

export const handler = handle(launchApp(launchPorts));
