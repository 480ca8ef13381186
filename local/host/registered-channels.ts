import * as z from 'zod';
import { Channel } from '../../domain/communications/matrix.ts';
import type { Channels } from '../sinks/sink-addresses.ts';
import { customResources } from '../template/custom-resources.ts';
import type { Stack } from '../template/open-stack.ts';

const Communications = z.object({ channels: z.record(z.string(), Channel) });

/** The channels of the communication matrix in the template, by name: the sinks stand in for them. */
export const registeredChannels = (stack: Stack): Channels =>
  Object.assign(
    {},
    ...customResources(stack)
      .filter(({ type }) => type === 'Custom::StrategyRegistry')
      .map(
        ({ properties }) => Communications.parse(JSON.parse(z.string().parse(properties['Communications']))).channels,
      ),
  );
