import { handle } from 'hono/aws-lambda';
import { guardrailPorts } from '../../adapters/aws/guardrail-ports.ts';
import { guardrailsApp } from '../../api/guardrails-app.ts';

export const handler = handle(guardrailsApp(guardrailPorts));
