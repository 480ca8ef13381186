import { AwsError } from '../aws-error.ts';
import type { Catalogue } from './catalogue.ts';
import { deployedVersion } from './deployed-version.ts';
import { FlagDocument, flagValues } from './flag-document.ts';
import type { Profile } from './resources.ts';
import type { SessionToken } from './session-table.ts';
import { newToken, tokenLifeMs } from './start-session.ts';
import type { Store } from './store.ts';
import { featureFlags } from './validate-content.ts';
import type { Version } from './version-table.ts';

const usualIntervalSeconds = 60;

/** GetLatestConfiguration: a token works once; the body is empty when this session already has the deployed version. */
export function latestConfiguration(store: Store, catalogue: Catalogue, token: string, now: number): Response {
  const session = usable(store.sessions.one(token), now);
  const version = deployedVersion(store, session, now);
  if (!version) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Nothing is deployed to environment ${session.environment} yet`,
      404,
      {
        ResourceType: 'Deployment',
      },
    );
  }
  const profile = catalogue.profile(catalogue.application(session.application), session.profile);
  const next = newToken();
  store.relaxed(() => {
    store.sessions.use(token);
    store.sessions.add({ ...session, token: next, issued: now, polled: now, version: version.number });
  });
  const changed = session.version !== version.number;
  return new Response(changed ? contentFor(profile, version) : null, {
    headers: {
      'content-type': version.type,
      'next-poll-configuration-token': next,
      'next-poll-interval-in-seconds': String(session.minimum ?? usualIntervalSeconds),
      ...(changed && version.label !== null && { 'version-label': version.label }),
    },
  });
}

/** Readers of a flag profile get the values alone, never the definitions. */
function contentFor({ type }: Profile, { content }: Version): Uint8Array<ArrayBuffer> {
  if (type !== featureFlags) return Uint8Array.from(content);
  const document = FlagDocument.parse(JSON.parse(new TextDecoder().decode(content)));
  return new TextEncoder().encode(JSON.stringify(flagValues(document)));
}

function usable(session: SessionToken | undefined, now: number): SessionToken {
  if (!session) throw refused('Corrupted', 'the token is unknown, or older than a day');
  if (now - session.issued > tokenLifeMs) throw refused('Expired', 'the token is older than a day');
  if (session.used) throw refused('Expired', 'the token was used before; use the one that answer gave');
  const { minimum, polled } = session;
  if (minimum !== null && polled !== null && now - polled < minimum * 1000) {
    throw refused('PollIntervalNotSatisfied', `this session asked for at least ${minimum} s between polls`);
  }
  return session;
}

const refused = (problem: string, sentence: string) =>
  new AwsError('BadRequestException', `configuration_token: ${sentence}; start a new session if need be`, 400, {
    Reason: 'InvalidParameters',
    Details: { InvalidParameters: { configuration_token: { Problem: problem } } },
  });
