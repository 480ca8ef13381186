import assert from 'node:assert/strict';
import type { Caller } from '../../domain/approval/caller.ts';
import { decideApproval } from '../../domain/approval/decide-approval.ts';
import { ApprovalId } from '../../domain/ids.ts';
import { signedAnswer } from './passkeys.ts';
import type { World } from './world.ts';

let times = 0;

/** These people sign a question, one after the other, each the document as it stands and with a login of this moment. */
export async function signedBy(
  made: Pick<World, 'store' | 'ports'>,
  approval: string,
  ...people: Caller[]
): Promise<void> {
  for (const person of people) {
    times += 1;
    const caller = { ...person, authTime: made.ports.now().getTime() };
    const asked = await made.store.get('APPROVAL', approval);
    assert.ok(asked, `nobody asked ${approval}`);
    const key = `${caller.subject}/signs-${times}`;
    await decideApproval(ApprovalId.parse(approval), signedAnswer(made, caller, asked), key, made.ports);
  }
}
