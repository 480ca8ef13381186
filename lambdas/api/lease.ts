import { handle } from 'hono/aws-lambda';
import { apiPorts } from '../../adapters/aws/api-ports.ts';
import { leaseApp } from '../../api/lease-app.ts';

export const handler = handle(leaseApp(apiPorts));
