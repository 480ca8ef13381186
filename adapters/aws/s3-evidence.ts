import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Digest } from '../../domain/ids.ts';
import { digestOfBytes } from '../../domain/ledger/digest.ts';
import type { EvidenceDocument, EvidenceStore } from '../../domain/ports/evidence.ts';

/** The evidence bucket. Writing is create-once (`If-None-Match: *`); on AWS the bucket also locks what was written. */
export class S3Evidence implements EvidenceStore {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  async read(key: string): Promise<EvidenceDocument | undefined> {
    try {
      const { Body, LastModified } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return { key, bytes, hash: digestOfBytes(bytes), storedAt: (LastModified ?? new Date(0)).toISOString() };
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async createOnce(key: string, content: string): Promise<Digest> {
    const hash = digestOfBytes(content);
    try {
      await this.#s3.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: content, IfNoneMatch: '*' }));
    } catch (error) {
      if (!(error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412)) throw error;
      const there = await this.read(key);
      if (there?.hash !== hash)
        throw new Error(`${key} exists with other content: evidence is written once`, { cause: error });
    }
    return hash;
  }

  async list(prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.#s3.send(
      new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, MaxKeys: 1000 }),
    );
    return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
  }
}
