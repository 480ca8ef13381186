import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { StrategyId } from '../../domain/ids.ts';
import { SpooledKill } from '../../domain/kill/spooled-kill.ts';
import type { KillSpool } from '../../domain/ports/kill-spool.ts';

const EXISTS = 412;
const AT_THE_SAME_TIME = 409;
const MAY_NOT_LIST = 403;
const PUTS = 20;

/** The spool in the evidence bucket: `spool/<strategy>/<number, 6 digits>.json`, create-once (`If-None-Match: *`). */
export class S3KillSpool implements KillSpool {
  readonly #s3: S3Client;
  readonly #bucket: string;
  /** The number this sandbox put last, by strategy: the next free one is not below it. */
  readonly #last = new Map<StrategyId, number>();

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  async put(strategyId: StrategyId, kill: SpooledKill): Promise<number> {
    const content = `${JSON.stringify(kill)}\n`;
    let number = this.#last.get(strategyId) ?? 0;
    for (let tried = 1; tried <= PUTS; tried += 1) {
      const outcome = await this.#create(keyOf(strategyId, number), content);
      if (outcome === 'created') {
        this.#last.set(strategyId, number);
        return number;
      }
      if (outcome === 'exists') number = await this.#freeAfter(strategyId, number);
    }
    throw new Error(`the kill spool of ${strategyId} is contended: others took every number`);
  }

  async read(strategyId: StrategyId, number: number): Promise<SpooledKill | undefined> {
    const Key = keyOf(strategyId, number);
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key }));
      return SpooledKill.parse(JSON.parse((await Body?.transformToString()) ?? ''));
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  /**
   * The first number after one that is taken, by doubled steps and then halved ones, since numbers have no gap: a sandbox
   * that remembers nothing must not try a long outage's kills one by one. Finding a number free that is not costs a try.
   */
  async #freeAfter(strategyId: StrategyId, known: number): Promise<number> {
    let taken = known;
    let free = known + 1;
    while (await this.#isTaken(strategyId, free)) {
      const step = 2 * (free - taken);
      taken = free;
      free += step;
    }
    while (free - taken > 1) {
      const middle = Math.floor((taken + free) / 2);
      if (await this.#isTaken(strategyId, middle)) taken = middle;
      else free = middle;
    }
    return free;
  }

  /** Who may not list the bucket is told 403 of an object that is not there. */
  async #isTaken(strategyId: StrategyId, number: number): Promise<boolean> {
    try {
      return (await this.read(strategyId, number)) !== undefined;
    } catch (error) {
      if (statusOf(error) === MAY_NOT_LIST) return false;
      throw error;
    }
  }

  async #create(Key: string, Body: string): Promise<'created' | 'exists' | 'again'> {
    try {
      await this.#s3.send(new PutObjectCommand({ Bucket: this.#bucket, Key, Body, IfNoneMatch: '*' }));
      return 'created';
    } catch (error) {
      if (statusOf(error) === EXISTS) return 'exists';
      if (statusOf(error) === AT_THE_SAME_TIME) return 'again'; // two writers at the same moment: S3 took neither
      throw error;
    }
  }
}

const keyOf = (strategyId: StrategyId, number: number): string =>
  `spool/${strategyId}/${String(number).padStart(6, '0')}.json`;

const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
