import { handle } from 'hono/aws-lambda';
import { reviewPorts } from '../../adapters/aws/review-ports.ts';
import { reviewApp } from '../../api/review-app.ts';

export const handler = handle(reviewApp(reviewPorts));
