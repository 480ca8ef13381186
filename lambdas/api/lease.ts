import { handle } from 'hono/aws-lambda';
import { leasePorts } from '../../adapters/aws/lease-ports.ts';
import { leaseApp } from '../../api/lease-app.ts';

export const handler = handle(leaseApp(leasePorts));
