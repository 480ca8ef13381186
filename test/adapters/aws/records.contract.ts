import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ControlRecords } from '../../../domain/ports/strategies.ts';
import { alert, command, freeze, message, run, scopeLatch } from './samples.ts';

const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T12:00:00.000Z`;

/** What every store of control records must do. Each test opens a store without records of the kinds it lists. */
export function recordsContract(name: string, open: () => Promise<ControlRecords>): void {
  describe(`${name} keeps the ControlRecords contract`, () => {
    it('finds nothing under an id that nobody wrote, and a record only under its own kind', async () => {
      const records = await open();
      await records.put(run('one', day(1)));

      assert.equal(await records.get('RUN', 'two'), undefined);
      assert.equal(await records.get('APPROVAL', 'one'), undefined);
    });

    it('gives back what was put, as it stands now', async () => {
      const records = await open();
      const changed = run('one', day(1), 'FAILED');
      await records.put(run('one', day(1)));
      await records.put(changed);

      assert.deepEqual(await records.get('RUN', 'one'), changed.record);
      assert.deepEqual(await records.list('RUN'), [changed.record]);
    });

    it('lists the newest first by their own time, whenever they were written, at most as many as asked for', async () => {
      const records = await open();
      for (const number of [2, 4, 1, 3]) await records.put(run(`run-${number}`, day(number)));

      const listed = await records.list('RUN', { limit: 3 });

      assert.deepEqual(
        listed.map(({ id }) => id),
        ['run-4', 'run-3', 'run-2'],
      );
    });

    it('keeps kinds apart, and lists no commands beside the records of people', async () => {
      const records = await open();
      await records.put(command('key-1'));
      await records.put(freeze('kill-1'));

      assert.deepEqual((await records.list('FREEZE')).length, 1);
      assert.deepEqual(await records.list('RUN'), []);
      assert.deepEqual((await records.get('COMMAND', 'key-1'))?.reply, { ok: true });
    });

    it('gives every freeze, however many stand: one left out would let a launch through', async () => {
      const records = await open();
      const ids = Array.from({ length: 120 }, (_, index) => `kill-${index}`);
      await Promise.all(ids.map((id) => records.put(freeze(id))));

      const standing = (await records.all('FREEZE')).map(({ id }) => id);

      assert.deepEqual(standing.toSorted(), ids.toSorted());
    });

    it('keeps the first latch of a scope, whoever latches it again, and lists what is latched', async () => {
      const records = await open();
      const [first, second, other] = [
        scopeLatch('all', 'one'),
        scopeLatch('all', 'two'),
        scopeLatch('desk:fx', 'three'),
      ];

      const answers = [await records.latchScope(first), await records.latchScope(second)];
      await records.latchScope(other);

      const versions = [1, 2].map((version) => ({ ...first, version }));
      assert.deepEqual([answers, await records.get('LATCH', 'all')], [versions, versions[1]]);
      assert.deepEqual((await records.all('LATCH')).map(({ id }) => id).toSorted(), ['all', 'desk:fx']);
    });

    it('writes the latch of a scope anew once it was lifted, and leaves no kill out, whoever lifts at the same time', async () => {
      const records = await open();
      const stands = await records.latchScope(scopeLatch('all', 'one'));
      await records.put({ kind: 'LATCH', record: { ...stands, liftedAt: day(2), version: 2 } });

      const again = await records.latchScope(scopeLatch('all', 'two'));

      assert.deepEqual(
        [again, await records.get('LATCH', 'all')],
        [{ ...scopeLatch('all', 'two'), version: 1 }, again],
      );
    });

    it('lets one of two who have read the same version write the next, and the first one where nothing is', async () => {
      const records = await open();
      const first = message('one');
      assert.deepEqual([await records.replace(first), await records.replace(first)], [true, false]);

      const second = message('one', { version: 2, settledAt: day(2) });
      const both = await Promise.all([records.replace(second), records.replace(second)]);

      assert.deepEqual(both.toSorted(), [false, true]);
      assert.deepEqual(await records.get('MESSAGE', 'one'), second.record);
    });

    it('lists what waits, and no message that is settled, which its id still finds', async () => {
      const records = await open();
      const settled = message('settled', { settledAt: day(2) });
      await Promise.all([records.put(message('waits')), records.put(settled)]);

      assert.deepEqual(
        (await records.all('MESSAGE')).map(({ id }) => id),
        ['waits'],
      );
      assert.deepEqual(await records.get('MESSAGE', 'settled'), settled.record);
    });

    it('lists alerts that stand, and none that is resolved, which its id still finds', async () => {
      const records = await open();
      const [stands, over] = [alert('one'), alert('two')];
      const resolved = alert('two', { version: 2, resolvedAt: day(2) });
      await Promise.all([records.put(stands), records.put(over)]);

      await records.replace(resolved);

      assert.deepEqual(await records.all('ALERT'), [stands.record]);
      assert.deepEqual(await records.get('ALERT', over.record.id), resolved.record);
    });
  });
}
