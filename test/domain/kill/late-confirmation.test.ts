import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ESCALATED_AFTER_MS } from '../../../domain/kill/record-kill.ts';
import { messagesIn, toldIn } from '../../fakes/told.ts';
import { world } from '../../fakes/world.ts';
import { confirmed, killed } from './kill-at-its-end.ts';

/** A kill that both sign so long after the question. */
async function signedAfter(ms: number) {
  const made = world();
  const step = await killed(made);
  await confirmed(made, step, ms);
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
