import * as z from 'zod';
import { signingKeyPorts } from '../../adapters/aws/signing-key-ports.ts';
import { customResource } from '../custom-resource.ts';

export const handler = customResource(z.object({ SecretArn: z.string() }), ({ SecretArn }) =>
  signingKeyPorts.createSigningKey(SecretArn),
);
