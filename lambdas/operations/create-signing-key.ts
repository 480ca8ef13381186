import * as z from 'zod';
import { createSigningKey } from '../../adapters/aws/create-signing-key.ts';
import { customResource } from '../custom-resource.ts';

export const handler = customResource(z.object({ SecretArn: z.string() }), ({ SecretArn }) => createSigningKey(SecretArn));
