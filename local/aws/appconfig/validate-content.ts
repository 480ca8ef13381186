import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { FlagDocument } from './flag-document.ts';
import type { Profile } from './resources.ts';

export const featureFlags = 'AWS.AppConfig.FeatureFlags';

/** Refuses content that AWS would refuse for the type of its profile, saying where it is wrong. */
export function validateContent({ type }: Profile, content: Uint8Array): void {
  if (type !== featureFlags) return;
  const parsed = FlagDocument.safeParse(parse(content));
  if (parsed.success) return;
  throw new AwsError(
    'BadRequestException',
    `Error validating the feature flags: ${z.prettifyError(parsed.error)}`,
    400,
    {
      Reason: 'InvalidConfiguration',
      Details: {
        InvalidConfiguration: parsed.error.issues.map(({ message, path, code }) => ({
          Constraint: code,
          Location: path.join('.'),
          Reason: message,
          Type: 'JsonSchema',
        })),
      },
    },
  );
}

function parse(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch (cause) {
    throw new AwsError('BadRequestException', `The feature flags are not JSON: ${String(cause)}`);
  }
}
