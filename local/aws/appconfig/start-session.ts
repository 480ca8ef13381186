import { randomBytes, randomInt } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Catalogue } from './catalogue.ts';
import type { Store } from './store.ts';

const StartSession = z.strictObject({
  ApplicationIdentifier: z.string().min(1).max(128),
  EnvironmentIdentifier: z.string().min(1).max(128),
  ConfigurationProfileIdentifier: z.string().min(1).max(128),
  RequiredMinimumPollIntervalInSeconds: z.int().min(15).max(86_400).optional(),
});

/** Tokens live for a day, as on AWS. */
export const tokenLifeMs = 24 * 3_600_000;
export const newToken = () => randomBytes(32).toString('base64url');

/** StartConfigurationSession: answers the first token. Sessions outlive a restart of the host. */
export function startSession({ sessions, relaxed }: Store, catalogue: Catalogue, body: unknown, now: number): string {
  const parsed = StartSession.safeParse(body);
  if (!parsed.success) throw new AwsError('BadRequestException', z.prettifyError(parsed.error));
  const input = parsed.data;
  const application = catalogue.application(input.ApplicationIdentifier);
  const environment = catalogue.environment(application, input.EnvironmentIdentifier);
  const profile = catalogue.profile(application, input.ConfigurationProfileIdentifier);
  const token = newToken();
  relaxed(() => {
    sessions.forgetBefore(now - tokenLifeMs);
    sessions.add({
      token,
      application: application.id,
      environment: environment.id,
      profile: profile.id,
      minimum: input.RequiredMinimumPollIntervalInSeconds ?? null,
      share: randomInt(100),
      issued: now,
      version: null,
      polled: null,
    });
  });
  return token;
}
