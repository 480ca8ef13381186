import {
  type AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import * as z from 'zod';
import type { FlagReading } from '../../domain/ports/flags.ts';
import type { Registration } from '../../domain/registration.ts';
import { versionOf } from './flag-version-label.ts';

type Flag = Registration['flag'];
type Held = { token: string; nextPollAt: number; reading: FlagReading; readAt: number };

const Values = z.object({ live: z.object({ enabled: z.boolean() }) });
const MIN_POLL_S = 15; // the smallest interval AppConfig allows
const STALE_MS = 120_000;
const REOPEN_MS = 1_000;
const UNREADABLE: FlagReading = { live: undefined, version: undefined };

/**
 * Reads the `live` flag as every reader of AppConfig does, keeping one session per flag. A version that the caller knows to
 * be newer than our copy opens a new session at once instead of waiting for the poll. Whatever is missing, unreadable, older
 * than two minutes or older than that version reads as undefined, which allows nothing.
 */
export function createFlagReader(
  client: AppConfigDataClient,
  now: () => Date,
): (flag: Flag, atLeast: number) => Promise<FlagReading> {
  const held = new Map<string, Held>();
  return async (flag, atLeast) => {
    const earlier = fromThePast(held.get(flag.profileId), now());
    if (earlier && isCurrent(earlier, atLeast, now())) return fresh(earlier, atLeast, now());
    try {
      const next = await readNext(client, flag, { earlier, atLeast, now: now() });
      held.set(flag.profileId, next);
      return fresh(next, atLeast, now());
    } catch (error) {
      held.delete(flag.profileId);
      if (!(error instanceof Error)) throw error;
      return UNREADABLE; // fail closed: a flag that cannot be read allows nothing
    }
  };
}

/** A copy that was read at a time which is still to come says nothing: somebody set the clock back, and how old it is cannot be told. */
const fromThePast = (held: Held | undefined, now: Date): Held | undefined =>
  held && held.readAt <= now.getTime() ? held : undefined;

type Asked = { earlier: Held | undefined; atLeast: number; now: Date };

/** A new session where we hold none or an outdated copy, else the next poll of the one we hold. */
const readNext = (client: AppConfigDataClient, flag: Flag, { earlier, atLeast, now }: Asked): Promise<Held> =>
  earlier && !isOutdated(earlier, atLeast, now) ? poll(client, earlier, now) : readAnew(client, flag, now);

const isCurrent = (held: Held, atLeast: number, now: Date): boolean =>
  !isOutdated(held, atLeast, now) && now.getTime() < held.nextPollAt;

/** Asked again at most once a second, since readers see a deployment a little late. */
const isOutdated = (held: Held, atLeast: number, now: Date): boolean =>
  isOlder(held.reading, atLeast) && now.getTime() - held.readAt >= REOPEN_MS;

/** Our copy is older than what the writer deployed. */
const isOlder = ({ version }: FlagReading, atLeast: number): boolean => atLeast > (version ?? 0);

/** A copy that is known to be old may say no, never yes: what came after it may have been a disable. */
function fresh({ reading, readAt }: Held, atLeast: number, now: Date): FlagReading {
  if (now.getTime() - readAt > STALE_MS) return UNREADABLE;
  return reading.live && isOlder(reading, atLeast) ? { ...reading, live: undefined } : reading;
}

async function openSession(
  client: AppConfigDataClient,
  { applicationId, environmentId, profileId }: Flag,
): Promise<string> {
  const { InitialConfigurationToken } = await client.send(
    new StartConfigurationSessionCommand({
      ApplicationIdentifier: applicationId,
      EnvironmentIdentifier: environmentId,
      ConfigurationProfileIdentifier: profileId,
      RequiredMinimumPollIntervalInSeconds: MIN_POLL_S,
    }),
  );
  if (InitialConfigurationToken === undefined) throw new Error('AppConfig gave no session token');
  return InitialConfigurationToken;
}

async function readAnew(client: AppConfigDataClient, flag: Flag, now: Date): Promise<Held> {
  return poll(client, { token: await openSession(client, flag), reading: UNREADABLE }, now);
}

/** An empty body means that nothing changed since this session's last answer. */
async function poll(
  client: AppConfigDataClient,
  { token, reading }: Pick<Held, 'token' | 'reading'>,
  now: Date,
): Promise<Held> {
  const reply = await client.send(new GetLatestConfigurationCommand({ ConfigurationToken: token }));
  return {
    token: reply.NextPollConfigurationToken ?? '',
    nextPollAt: now.getTime() + (reply.NextPollIntervalInSeconds ?? MIN_POLL_S) * 1000,
    reading: reply.Configuration?.length ? readingOf(reply.Configuration, reply.VersionLabel) : reading,
    readAt: now.getTime(),
  };
}

function readingOf(configuration: Uint8Array, label: string | undefined): FlagReading {
  const values = Values.safeParse(JSON.parse(Buffer.from(configuration).toString('utf8')));
  return { live: values.data?.live.enabled, version: versionOf(label) };
}
