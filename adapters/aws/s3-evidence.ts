import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Digest } from '../../domain/ids.ts';
import { digestOfBytes } from '../../domain/ledger/digest.ts';
import type { EvidenceDocument, EvidenceStore } from '../../domain/ports/evidence.ts';

const NOT_AS_EXPECTED = 412;
const NOT_THERE = 404;
const AT_THE_SAME_TIME = 409;

type Condition = Pick<PutObjectCommandInput, 'IfMatch' | 'IfNoneMatch'>;
const NEW: Condition = { IfNoneMatch: '*' };

/** The evidence bucket. Every write is conditional: create-once, or over the very version that was read; on AWS the bucket also locks what was written. */
export class S3Evidence implements EvidenceStore {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  async read(key: string): Promise<EvidenceDocument | undefined> {
    try {
      const { Body, LastModified, ETag } = await this.#s3.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: key }),
      );
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      const storedAt = (LastModified ?? new Date(0)).toISOString();
      return { key, bytes, hash: digestOfBytes(bytes), storedAt, ...(ETag !== undefined && { etag: ETag }) };
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async createOnce(key: string, content: string | Uint8Array): Promise<Digest> {
    const hash = digestOfBytes(content);
    const there = (await this.#written(key, content, NEW)) ? undefined : await this.read(key);
    if (there && there.hash !== hash) throw new Error(`${key} exists with other content: evidence is written once`);
    return hash;
  }

  async replace(
    key: string,
    content: string | Uint8Array,
    before: EvidenceDocument | undefined,
  ): Promise<Digest | undefined> {
    if (before && before.etag === undefined) throw new Error(`${key} was not read from here: it has no ETag`);
    const condition = before ? { IfMatch: before.etag } : NEW;
    return (await this.#written(key, content, condition)) ? digestOfBytes(content) : undefined;
  }

  async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: this.#s3 },
      { Bucket: this.#bucket, Prefix: prefix },
    ))
      keys.push(...Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    return keys;
  }

  /** False where the condition does not hold. Two writers at the same moment: S3 may take neither (409) and asks to try again. */
  async #written(key: string, content: string | Uint8Array, condition: Condition, tries = 3): Promise<boolean> {
    try {
      await this.#s3.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: content, ...condition }));
      return true;
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === NOT_AS_EXPECTED || (status === NOT_THERE && condition !== NEW)) return false;
      if (status === AT_THE_SAME_TIME && tries > 1) return this.#written(key, content, condition, tries - 1);
      throw error;
    }
  }
}
