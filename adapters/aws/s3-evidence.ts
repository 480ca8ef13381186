import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Digest } from '../../domain/ids.ts';
import { digestOfBytes } from '../../domain/ledger/digest.ts';
import type { EvidenceDocument, EvidenceStore } from '../../domain/ports/evidence.ts';

const EXISTS = 412;
const AT_THE_SAME_TIME = 409;

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

  async createOnce(key: string, content: string | Uint8Array): Promise<Digest> {
    const hash = digestOfBytes(content);
    const there = (await this.#created(key, content)) ? undefined : await this.read(key);
    if (there && there.hash !== hash) throw new Error(`${key} exists with other content: evidence is written once`);
    return hash;
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

  /** False where the key exists. Two writers at the same moment: S3 may take neither (409) and asks to try again. */
  async #created(key: string, content: string | Uint8Array, tries = 3): Promise<boolean> {
    try {
      await this.#s3.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: content, IfNoneMatch: '*' }));
      return true;
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === EXISTS) return false;
      if (status === AT_THE_SAME_TIME && tries > 1) return this.#created(key, content, tries - 1);
      throw error;
    }
  }
}
