import { describe, it } from 'node:test';
import { ATTACKS_WITHOUT_KEY } from './attacks.ts';
import { isFoundOut } from './is-found-out.ts';

describe('the verifier finds out, whatever the log and the place, when somebody', () => {
  for (const [what, attack] of Object.entries(ATTACKS_WITHOUT_KEY)) it(what, () => isFoundOut(attack));
});
