import { AppConfigClient } from '@aws-sdk/client-appconfig';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import type { EnablePorts } from '../../domain/launch/enable-live.ts';
import { AppConfigFlags } from './appconfig-flags.ts';
import { createFlagReader } from './appconfig-reader.ts';
import { now, pause } from './clock.ts';
import { goNoGoPorts } from './go-no-go-ports.ts';

/** What the one step takes that enables: what go/no-go looks at, and the flag; neither machines nor venues. */
export const enablePorts = {
  ...goNoGoPorts,
  flags: new AppConfigFlags(new AppConfigClient({}), createFlagReader(new AppConfigDataClient({}), now), pause),
} satisfies EnablePorts;
