import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppConfigClient } from '@aws-sdk/client-appconfig';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { AppConfigFlags } from '../../adapters/aws/appconfig-flags.ts';
import { createKmsSigner } from '../../adapters/aws/kms-signer.ts';
import { S3KillSpool } from '../../adapters/aws/s3-kill-spool.ts';
import { httpEngines } from '../../adapters/engine/http-engine.ts';
import { StrategyId } from '../../domain/ids.ts';
import { Registration } from '../../domain/registration.ts';
import { Strategy } from '../../domain/strategy.ts';
import { controlTable } from '../runbook/control-table.ts';

const Local = z.looseObject({
  region: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  endpoints: z.looseObject({ appconfig: z.url(), kms: z.url(), s3: z.url() }),
  bucket: z.string(),
});
const Venues = z.looseObject({
  port: z.int(),
  venues: z.array(z.looseObject({ id: z.string(), controlKeys: z.array(z.string()).min(1) })).min(1),
});
const Orders = z.looseObject({
  orders: z.array(z.looseObject({ submittedAt: z.iso.datetime() })),
  next: z.string().optional(),
});

/** A host's stores and engines, reached past its control plane and past every fault: to make a case ready, and to look at its end. */
export type Backstage = Awaited<ReturnType<typeof backstage>>;

export async function backstage(data: string, commandKeyId: string) {
  const { region, endpoints, bucket, ...credentials } = Local.parse(await json(data, 'local.json'));
  const { port, venues } = Venues.parse(await json(data, 'venue.json'));
  const { dynamo, table, end } = await controlTable(data);
  const client = { region, credentials };
  const kms = new KMSClient({ ...client, endpoint: endpoints.kms });
  const appConfig = new AppConfigClient({ ...client, endpoint: endpoints.appconfig });
  const s3 = new S3Client({ ...client, endpoint: endpoints.s3, forcePathStyle: true });
  const spool = new S3KillSpool(s3, bucket);
  const item = async (pk: string) =>
    (await dynamo.send(new GetCommand({ TableName: table, Key: { pk }, ConsistentRead: true }))).Item;

  return {
    engines: httpEngines({
      signer: { keyid: 'command', sign: createKmsSigner(kms, commandKeyId) },
      now: () => new Date(),
      newNonce: randomUUID,
    }),
    flags: new AppConfigFlags(
      appConfig,
      () => Promise.reject(new Error('nobody reads the flag here')),
      (ms) => delay(ms),
    ),
    item,
    put: (Item: Record<string, unknown>) => dynamo.send(new PutCommand({ TableName: table, Item })),
    /** Changes a strategy that nobody else may have changed meanwhile: its ledger's head stands in the same item. */
    async change(id: string, change: (state: Strategy) => Strategy): Promise<Strategy> {
      for (;;) {
        const before = Strategy.parse(await item(`STRATEGY#${id}`));
        const next = { ...change(before), version: before.version + 1 };
        const Item = { ...next, pk: `STRATEGY#${id}`, kind: 'STRATEGY', sort: id };
        const seen = { ExpressionAttributeValues: { ':seen': before.version }, ConditionExpression: 'version = :seen' };
        const put = dynamo.send(new PutCommand({ TableName: table, Item, ...seen }));
        if (await put.then(() => true, ifOutrun)) return next;
      }
    },
    remove: (pk: string) => dynamo.send(new DeleteCommand({ TableName: table, Key: { pk } })),
    strategy: async (id: string) => Strategy.parse(await item(`STRATEGY#${id}`)),
    registration: async (id: string) => Registration.parse((await item(`REGISTRATION#${id}`))?.['record']),
    /** Whether no kill of the strategy waits, neither in the spool nor beside the ledger. */
    async isDrained(id: string): Promise<boolean> {
      const { spooledKills, pendingEntries } = Strategy.parse(await item(`STRATEGY#${id}`));
      return pendingEntries.length === 0 && (await spool.read(StrategyId.parse(id), spooledKills)) === undefined;
    },
    /** When the venues took the strategy's orders, by their own clock. */
    async ordersTaken(id: string): Promise<Date[]> {
      const answers = venues.map(async ({ id: venue, controlKeys: [key] }) => {
        const headers = { authorization: `Bearer ${key}` };
        const url = `http://127.0.0.1:${port}/${venue}/v1/orders/accepted?strategy=${id}`;
        const taken: z.infer<typeof Orders>['orders'] = [];
        for (let after: string | undefined = ''; after !== undefined; ) {
          const page: z.infer<typeof Orders> = Orders.parse(
            await (await fetch(`${url}&after=${after}`, { headers })).json(),
          );
          taken.push(...page.orders);
          after = page.next;
        }
        return taken;
      });
      return (await Promise.all(answers)).flat().map(({ submittedAt }) => new Date(submittedAt));
    },
    end() {
      for (const each of [kms, appConfig, s3]) each.destroy();
      end();
    },
  };
}

function ifOutrun(error: unknown): false {
  if (error instanceof ConditionalCheckFailedException) return false;
  throw error;
}

const json = async (data: string, name: string): Promise<unknown> =>
  JSON.parse(await readFile(join(data, name), 'utf8'));
