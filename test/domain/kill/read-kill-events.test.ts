import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileKillEvent } from '../../../domain/kill/file-kill-event.ts';
import { readKillEvents } from '../../../domain/kill/read-kill-events.ts';
import { world } from '../../fakes/world.ts';

const file = (event: 'requested' | 'confirmed', at: string, run: string, made: ReturnType<typeof world>) =>
  fileKillEvent(run, event, { strategy: 'btc-momentum', run, at }, made.ports);

describe('readKillEvents', () => {
  it('gives every event once, oldest first, however often it was filed', async () => {
    const made = world();
    await file('confirmed', '2026-11-25T12:05:00.000Z', 'kill-1', made);
    await file('requested', '2026-11-25T12:00:00.000Z', 'kill-1', made);
    await file('requested', '2026-11-25T12:09:00.000Z', 'kill-1', made);

    const events = await readKillEvents(made.ports);

    assert.deepEqual(
      events.map(({ event, at }) => [event, at]),
      [
        ['kill.requested', '2026-11-25T12:00:00.000Z'],
        ['kill.confirmed', '2026-11-25T12:05:00.000Z'],
      ],
    );
  });

  it('does not pass over a fragment that is gone', async () => {
    const made = world();
    await file('requested', '2026-11-25T12:00:00.000Z', 'kill-1', made);
    made.evidence.read = async () => undefined;

    await assert.rejects(readKillEvents(made.ports), /kill-1-requested\.json was listed and is not there/);
  });

  it('does not pass over a fragment that is none', async () => {
    const made = world();
    made.evidence.files.set('observability/audit/kill_events/x.json', Buffer.from('{"event":"kill.requested"}'));

    await assert.rejects(readKillEvents(made.ports), { name: 'ZodError' });
  });
});
