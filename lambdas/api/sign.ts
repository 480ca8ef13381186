import { handle } from 'hono/aws-lambda';
import { signPorts } from '../../adapters/aws/sign-ports.ts';
import { signApp } from '../../api/sign-app.ts';

export const handler = handle(signApp(signPorts));
