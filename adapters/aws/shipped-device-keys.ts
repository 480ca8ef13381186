import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { DeviceKey } from '../../domain/signature/credential.ts';

const EXISTS = 412;
const MISSING: readonly (number | undefined)[] = [404, 403]; // who may not list the bucket is told 403 of what is not there

/**
 * Device keys as they were approved and revoked, for a kill while the store is away: an object for each, written once, so that no
 * order of writing can make a revoked key an active one.
 */
export class ShippedDeviceKeys {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  /** Keeps a key that has become active or revoked; once it is there, again is fine. */
  async ship(key: DeviceKey): Promise<void> {
    const object = { Bucket: this.#bucket, Key: keyOf(key.id, key.status), Body: JSON.stringify(key) };
    try {
      await this.#s3.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }));
    } catch (error) {
      if (statusOf(error) !== EXISTS) throw error;
    }
  }

  /** The key as it was shipped last; nothing when none was. */
  async read(id: string): Promise<DeviceKey | undefined> {
    const [revoked, active] = await Promise.all([this.#get(id, 'revoked'), this.#get(id, 'active')]);
    return revoked ?? active;
  }

  async #get(id: string, status: DeviceKey['status']): Promise<DeviceKey | undefined> {
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: keyOf(id, status) }));
      return DeviceKey.parse(JSON.parse((await Body?.transformToString()) ?? ''));
    } catch (error) {
      if (MISSING.includes(statusOf(error))) return undefined;
      throw error;
    }
  }
}

const keyOf = (id: string, status: DeviceKey['status']): string =>
  `device-keys/${id.replace(/^device:/, '')}/${status}.json`;

const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
