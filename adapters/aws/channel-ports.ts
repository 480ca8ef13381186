import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { messageChannels } from '../channels/message-channels.ts';
import { channelSecrets } from './channel-secrets.ts';
import { now } from './clock.ts';
import { environment } from './environment.ts';
import { sesMail } from './ses-mail.ts';

const { CHANNEL_SECRETS, MESSAGE_HOSTS, MAIL_FROM } = environment;

/** The providers of messages: for the courier alone, so that no other Lambda carries their libraries. It decides when to try again, so the clients do not. */
export const channelPorts = {
  channels: messageChannels({
    secrets: channelSecrets({ client: new SecretsManagerClient({}), secretId: CHANNEL_SECRETS, now }),
    hosts: MESSAGE_HOSTS.split(',').map((host) => host.trim()),
    mail: sesMail(new SESv2Client({ maxAttempts: 1 }), MAIL_FROM, now),
    now,
  }),
};
