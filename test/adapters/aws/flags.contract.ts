import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Flags } from '../../../domain/ports/flags.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { flag } from './local-flags.ts';

const allowed = async () => undefined;
const killed = async () => {
  throw new Refusal('StrategyKilled', 'it is killed', 'recover it');
};

/** What every writer of the `live` flag must do. Each test opens a flag that nobody has written yet. */
export function flagsContract(name: string, open: () => Promise<Flags>): void {
  describe(`${name} keeps the Flags contract`, () => {
    it('is not live before anybody wrote it', async () => {
      assert.notEqual((await (await open()).read(flag, 0)).live, true);
    });

    it('writes and deploys a new version with every disable, even where it is off already', async () => {
      const flags = await open();
      const first = await flags.disable(flag);
      const second = await flags.disable(flag);

      assert.ok(second.version > first.version && second.deployment > first.deployment);
      assert.deepEqual([first.state, second.state], ['COMPLETE', 'COMPLETE']);
      assert.deepEqual(await flags.read(flag, second.version), { live: false, version: second.version });
    });

    it('is live once it is enabled, until it is disabled', async () => {
      const flags = await open();
      const on = await flags.enable(flag, allowed);
      const between = await flags.read(flag, on.version);
      const off = await flags.disable(flag);

      assert.deepEqual(between, { live: true, version: on.version });
      assert.notEqual((await flags.read(flag, off.version)).live, true);
      assert.ok(off.version > on.version);
    });

    it('enables nothing when it is not allowed any more at the last moment, and passes on why', async () => {
      const flags = await open();
      const { version } = await flags.disable(flag);

      await assert.rejects(flags.enable(flag, killed), { name: 'StrategyKilled' });

      assert.deepEqual(await flags.read(flag, version), { live: false, version });
    });

    it('lets a disable win that comes between the last look and the write, on a flag of any age', async () => {
      for (const flags of [await open(), await open()]) {
        const disable = async () => void (await flags.disable(flag));

        await assert.rejects(flags.enable(flag, disable), { name: 'FlagConflict' });

        assert.notEqual((await flags.read(flag, 0)).live, true);
      }
    });
  });
}
