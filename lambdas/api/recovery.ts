import { handle } from 'hono/aws-lambda';
import { recoveryPorts } from '../../adapters/aws/recovery-ports.ts';
import { recoveryApp } from '../../api/recovery-app.ts';

export const handler = handle(recoveryApp(recoveryPorts));
