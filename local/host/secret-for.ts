import { createHmac } from 'node:crypto';
import type { Installation } from './installation.ts';

/** A secret of this installation for one purpose, e.g. `engine-client/btc-momentum-1`: the same at every start. */
export const secretFor = ({ seed }: Installation, purpose: string): string =>
  createHmac('sha256', seed).update(purpose).digest('base64url');
