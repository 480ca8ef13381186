import { ResourceNotFoundException, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ChannelSecrets, type ReadChannelSecrets } from '../channels/channel-secrets.ts';
import { createSecret } from './secrets.ts';

/** How long a secret that was changed may still be used in its old form. */
const KEPT_MS = 3 * 60_000;

type Settings = { readonly client: SecretsManagerClient; readonly secretId: string; readonly now: () => Date };

/**
 * The secret of all channels, read again every three minutes, so that rotating a webhook takes no deployment. Empty until the
 * platform engineer has put it there. Who asks while it is being read waits for that one reading. While it cannot be read again, what was read last is used.
 */
export function channelSecrets({ client, secretId, now }: Settings): ReadChannelSecrets {
  let known: ChannelSecrets | undefined;
  let until = 0;
  let reading: Promise<ChannelSecrets> | undefined;
  const read = async () => {
    known = await secretsOrNone(createSecret(client, secretId));
    until = now().getTime() + KEPT_MS;
    return known;
  };
  return async () => {
    if (known && now().getTime() < until) return known;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading.catch((error: unknown) => {
      if (known) return known;
      throw error;
    });
  };
}

async function secretsOrNone(read: () => Promise<string>): Promise<ChannelSecrets> {
  try {
    return ChannelSecrets.parse(JSON.parse(await read()));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return {};
    throw error;
  }
}
