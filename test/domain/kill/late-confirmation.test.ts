import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { askForConfirmer } from '../../../domain/kill/ask-for-confirmer.ts';
import { ESCALATED_AFTER_MS, recordKill } from '../../../domain/kill/record-kill.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import { messagesIn, toldIn } from '../../fakes/told.ts';
import { risk, trader, world } from '../../fakes/world.ts';
import { killed } from './kill-at-its-end.ts';

/** A kill that both sign so long after the question. */
async function signedAfter(ms: number) {
  const made = world();
  const step = await killed(made);
  await askForConfirmer({ ...step, taskToken: 'a-token' }, made.ports);
  const asked = (await made.store.get('APPROVAL', approvalId(step, 'kill-confirmation'))) ?? assert.fail();
  made.pass(ms);
  for (const caller of [trader, risk])
    await decideApproval(
      asked.id,
      signedAnswer(made, { ...caller, authTime: made.clock.now.getTime() }, asked),
      caller.subject,
      made.ports,
    );
  await recordKill(step, made.ports);
  return made;
}

describe('the second signature of a kill', () => {
  it('acknowledges the incident of the kill', async () => {
    const pages = toldIn(await signedAfter(0), 'kill-confirmed').flatMap(({ page, dedupKey }) =>
      page ? [[page, dedupKey]] : [],
    );

    assert.deepEqual(
      pages,
      [1, 2].map(() => ['acknowledge', 'btc-momentum/kill-switch']),
    );
  });

  it('ends the page that it was late, when it came after that; in time there was none', async () => {
    const [late, inTime] = [await signedAfter(ESCALATED_AFTER_MS), await signedAfter(ESCALATED_AFTER_MS - 1)];

    assert.deepEqual(
      toldIn(late, 'kill-overdue-confirmed').map(({ page, dedupKey }) => [page, dedupKey]),
      [1, 2].map(() => ['resolve', 'btc-momentum/kill-unconfirmed']),
    );
    assert.deepEqual(messagesIn(inTime, 'kill-overdue-confirmed'), []);
  });

  it('is late when the machine has paged people', () => {
    const machine = readFileSync(new URL('../../../statemachines/kill.asl.json', import.meta.url), 'utf8');

    assert.match(
      machine,
      new RegExp(`"Ask for the confirmer": [{][^}]*"TimeoutSeconds": ${ESCALATED_AFTER_MS / 1000},`),
    );
  });
});
