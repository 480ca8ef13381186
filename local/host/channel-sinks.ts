import { join } from 'node:path';
import type { FetchHandler } from '../aws/fetch-handler.ts';
import { createSes } from '../aws/ses/ses.ts';
import { channelFaults } from '../sinks/channel-faults.ts';
import { openOutbox } from '../sinks/outbox.ts';
import { receiver } from '../sinks/receive.ts';
import { sinkAddresses } from '../sinks/sink-addresses.ts';
import { sinks } from '../sinks/sinks.ts';
import type { Stack } from '../template/open-stack.ts';
import { registeredChannels } from './registered-channels.ts';
import type { Foundations } from './start-foundations.ts';

/** All channels of this machine: whatever is sent over them ends in `<data>/outbox/`, a file for each. */
export function channelSinks(
  stack: Stack,
  { dataPath, installation, now }: Pick<Foundations, 'dataPath' | 'installation' | 'now'>,
): { readonly sinks: FetchHandler; readonly ses: FetchHandler } {
  const all = registeredChannels(stack);
  const faults = channelFaults();
  const receive = receiver(openOutbox(join(dataPath, 'outbox')), faults);
  const channels = Object.keys(all);
  return {
    sinks: sinks({ addresses: sinkAddresses(all, installation), channels, receive, faults, now }),
    ses: createSes({ receive, channels: channels.filter((name) => all[name]?.via === 'email'), now }),
  };
}
