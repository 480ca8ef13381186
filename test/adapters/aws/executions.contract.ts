import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Executions } from '../../../domain/ports/executions.ts';
import { Refusal } from '../../../domain/refusal.ts';

const everything = { limit: 100 };
let names = 0;
/** A name that no execution has. */
export function aName(): string {
  names += 1;
  return `kill-btc-momentum-20261124-${names}`;
}

/** What every implementation of the machines must do. `started` counts the executions of the kill machine under a name. */
export function executionsContract(
  name: string,
  open: () => { executions: Executions; started: (name: string) => Promise<number> },
): void {
  describe(`${name} keeps the Executions contract`, () => {
    it('has no history of what was never started', async () => {
      assert.equal(await open().executions.history('kill', aName(), everything), undefined);
    });

    it('starts a run once, however often it is asked to, and also where the asking differs', async () => {
      const { executions, started } = open();
      const run = aName();
      await Promise.all([1, 2, 3].map(() => executions.start('kill', run, { strategyId: 'x' })));
      await executions.start('kill', run, { strategyId: 'x', epoch: 2 });

      assert.equal(await started(run), 1);
      assert.ok(await executions.history('kill', run, everything));
    });

    it('takes an answer that nobody waits for any more', async () => {
      const { executions } = open();

      await executions.succeed('nobody-waits', { approval: 'x' });
      await executions.fail('nobody-waits', new Refusal('ApprovalDeclined', 'declined', 'talk to them'));
    });
  });
}
