import { eventually, mustBe } from './eventually.ts';
import type { Step } from './scenario.ts';

const look = ({ strategy }: { strategy: string }) => `npx tradepulse-cli status --strategy ${strategy}`;

/** A kill while the venue refuses to cancel: what is halted is said to be halted, and what still rests is not hidden. */
export const KILL_UNDER_FAULT: readonly Step[] = [
  {
    name: 'a fault: the venue refuses cancels',
    why: 'Now something goes wrong that no control plane can prevent: the venue answers, but it does not cancel anything any more.',
    look: () => 'npx tradepulse-cli sim faults',
    async act(world) {
      await world.cli('sim', 'fault', 'refuse-cancel');
      return 'refuse-cancel is on';
    },
  },
  {
    name: 'the trader kills it all the same',
    why: 'The engine halts at once: no new order leaves it. What already rests at the venue still rests, and nobody claims otherwise.',
    look,
    async act(world) {
      const { lines } = await world.cli('kill', '--strategy', world.strategy, '--reason', 'tour', '--as', 'trader');
      world.notes.set('kill', String(lines[0]?.['runId']));
      const engine = await eventually(
        'the engine',
        () => world.observe.engine(),
        ({ halted }) => halted,
      );
      const resting = await world.observe.restingOrders();
      if (resting === 0) throw new Error('no order rests at the venue, although it refuses cancels');
      return `acknowledged as ${lines[0]?.['status']}; engine halted at epoch ${engine.epoch}, ${resting} orders still rest`;
    },
  },
  {
    name: 'the venue gives in, and the machine finishes the work',
    why: 'The kill machine has been cancelling again and again with its own key. It stops only when the venue itself shows nothing.',
    look,
    async act(world) {
      await world.cli('sim', 'fault', 'refuse-cancel', '--off');
      await eventually(
        'orders at the venue',
        () => world.observe.restingOrders(),
        (orders) => orders === 0,
        60_000,
      );
      await eventually(
        'live.enabled in AppConfig',
        () => world.observe.flag(),
        (enabled) => !enabled,
      );
      mustBe('halted, says the engine', (await world.observe.engine()).halted, true);
      return 'venue empty, flag off, engine halted';
    },
  },
];
