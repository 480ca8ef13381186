import type { Role } from '../../../domain/approval/approval.ts';
import type { Caller } from '../../../domain/approval/caller.ts';
import { attestItem } from '../../../domain/attestation/attest-item.ts';
import { attestRunbook } from '../../../domain/attestation/attest-runbook.ts';
import { registerRunbook } from '../../../domain/attestation/register-runbook.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { signedBy } from '../../fakes/signed-by.ts';
import { person, RUN, type World } from '../../fakes/world.ts';

export const sre = person('sre', 'sre');
export const quant = person('quant', 'quant');
export const EDITION = { text: digestOf('the runbook'), trace: digestOf('its trace') };

let keys = 0;
const newKey = () => {
  keys += 1;
  return `attest-key-${keys}`;
};

/** The edition of the runbook that is deployed. */
export const deployed = (made: World, edition = EDITION) => registerRunbook(edition, `version ${newKey()}`, made.ports);

/** Puts a statement about an item of the run to a signature; answers its question. */
export async function stated(made: World, item: string, caller: Caller = sre, changes: Changes = {}): Promise<string> {
  const request = { item, statement: 'seen and done', ...changes };
  const { reply } = await attestItem({ caller, runId: RUN, key: newKey(), request }, made.ports);
  return reply.approval;
}

type Changes = { readonly statement?: string; readonly role?: Role };

/** The same, signed by whoever stated it. */
export async function attested(made: World, item: string, caller: Caller = sre): Promise<void> {
  await signedBy(made, await stated(made, item, caller), caller);
}

/** A statement about the runbook, and its signature. */
export async function runbookStated(made: World, caller: Caller = sre): Promise<string> {
  const request = { statement: 'read, and current' };
  const { reply } = await attestRunbook({ caller, key: newKey(), request }, made.ports);
  return reply.approval;
}

export async function runbookAttested(made: World, caller: Caller = sre): Promise<void> {
  await signedBy(made, await runbookStated(made, caller), caller);
}
