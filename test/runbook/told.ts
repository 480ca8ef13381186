import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { Delivery } from '../../domain/communications/delivery.ts';
import type { Trigger } from '../../domain/communications/trigger.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import type { OnALocalHost } from './on-a-local-host.ts';

const Page = z.object({ deliveries: z.array(Delivery) });

/** Which messages: of a trigger, of one run or strategy where that is said. */
export type Wanted = { readonly trigger: Trigger; readonly run?: string; readonly strategy?: string };

/** The deliveries of those messages, as the control plane lists them now. */
export const deliveriesNow = async (here: Pick<OnALocalHost, 'look'>, wanted: Wanted): Promise<Delivery[]> =>
  Page.parse(await here.look(`/v1/deliveries?${new URLSearchParams(wanted)}`)).deliveries;

/** The same as soon as a provider has acknowledged one over each of these channels; there are no others. In the order of the channels. */
export async function told(
  here: Pick<OnALocalHost, 'look'>,
  wanted: Wanted,
  channels: readonly string[],
): Promise<Delivery[]> {
  const found = await eventually(
    `messages of ${wanted.trigger}`,
    () => delay(50).then(() => deliveriesNow(here, wanted)),
    (deliveries) =>
      channels.every((channel) => deliveries.some((each) => each.channel === channel && each.acknowledgedAt)),
    20_000,
  );
  const sorted = found.toSorted((left, right) => (left.channel < right.channel ? -1 : 1));
  assert.deepEqual(
    sorted.map(({ channel, status }) => [channel, status]),
    channels.toSorted().map((channel) => [channel, 'acknowledged']),
  );
  return sorted;
}

/** Where a kill is told (runbook 5.1.3 and section 6); of a drill no pager hears. */
export const TOLD_OF_A_KILL = ['PagerDuty bridge', 'on-call page', '#incidents', '#trading-ops', '#risk'] as const;
export const TOLD_OF_A_DRILL = ['#incidents', '#trading-ops', '#risk'] as const;
