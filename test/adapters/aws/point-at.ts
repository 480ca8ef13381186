import { devNull } from 'node:os';
import { credentials, region } from '../../local/aws/serve-locally.ts';

/**
 * Points `new XClient({})` at a local service, as the host does for every Lambda: call it before the client is made. One try
 * only, so that a test sees each answer.
 */
export function pointAt(service: string, url: string): void {
  Object.assign(process.env, {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_MAX_ATTEMPTS: '1',
    [`AWS_ENDPOINT_URL_${service}`]: url,
  });
}
