import { handle } from 'hono/aws-lambda';
import { ports } from '../../adapters/aws/ports.ts';
import { leaseApp } from '../../api/lease-app.ts';

export const handler = handle(leaseApp(ports));
