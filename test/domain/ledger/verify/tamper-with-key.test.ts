import { describe, it } from 'node:test';
import { ATTACKS_WITH_KEY } from './attacks.ts';
import { isFoundOut } from './is-found-out.ts';

describe('the verifier finds out, whatever the log and the place, when the holder of the signing key', () => {
  for (const [what, attack] of Object.entries(ATTACKS_WITH_KEY)) it(what, () => isFoundOut(attack));
});
