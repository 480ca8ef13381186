import { randomUUID } from 'node:crypto';
import { AppConfigClient } from '@aws-sdk/client-appconfig';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { KMSClient } from '@aws-sdk/client-kms';
import type { Ports } from '../../domain/ports/ports.ts';
import { httpEngines } from '../engine/http-engine.ts';
import { AppConfigFlags } from './appconfig-flags.ts';
import { createFlagReader } from './appconfig-reader.ts';
import { now, pause } from './clock.ts';
import { environment } from './environment.ts';
import { createKmsSigner } from './kms-signer.ts';
import { tickPorts } from './tick-ports.ts';

const signer = { keyid: 'command' as const, sign: createKmsSigner(new KMSClient({}), environment.COMMAND_KEY_ID) };

/** Everything outside, wired once per sandbox. Where the clients connect is the business of AWS_ENDPOINT_URL_<SERVICE>. */
export const ports = {
  ...tickPorts,
  flags: new AppConfigFlags(new AppConfigClient({}), createFlagReader(new AppConfigDataClient({}), now), pause),
  engines: httpEngines({ signer, now, newNonce: randomUUID }),
} satisfies Ports & { elapsedMs: () => number };
