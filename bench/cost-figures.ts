import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { recordItem } from '../adapters/aws/record-item.ts';
import { ActorId, RunId, StrategyId } from '../domain/ids.ts';
import { kill } from '../domain/kill/kill.ts';
import { sealDecision } from '../domain/seal-decision.ts';
import { newStrategy } from '../domain/strategy.ts';
import type { Figure } from './figure.ts';
import { LIST_PRICES } from './list-prices.ts';

const TEMPLATE = 'cdk.out/TradePulse.template.json';
/** What one kill is billed for at most: the local budget of its p99, ten times over, for AWS is farther away from its store. */
const BILLED_MS = 120;
/** One line of the function, and the three that Lambda writes itself. */
const LOG_BYTES = 1_000;
const MILLION = 1_000_000;

const KillFunction = z.object({
  Type: z.literal('AWS::Lambda::Function'),
  Properties: z.object({
    Architectures: z.tuple([z.enum(['arm64', 'x86_64'])]),
    MemorySize: z.number(),
  }),
});
const Tables = z.object({ Properties: z.object({ BillingMode: z.literal('PAY_PER_REQUEST') }) });
const Template = z.object({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });

/** What AWS asks for one kill until it is acknowledged, by the synthesized template, the very items it writes, and list prices. */
export async function costFigures(): Promise<Figure[]> {
  const { Resources } = Template.parse(JSON.parse(await readFile(TEMPLATE, 'utf8')));
  const ofType = (type: string) => Object.entries(Resources).filter(([, resource]) => resource.Type === type);
  const [found] = ofType('AWS::Lambda::Function').filter(([name]) => name.startsWith('ServicesApiKill'));
  const fn = KillFunction.parse(found?.[1]);
  for (const [, table] of ofType('AWS::DynamoDB::GlobalTable')) Tables.parse(table);
  const entrance =
    LIST_PRICES.restRequest + ofType('AWS::WAFv2::WebACLAssociation').length * LIST_PRICES.firewallRequest;
  const [architecture] = fn.Properties.Architectures;
  const gigabyteSeconds = (fn.Properties.MemorySize / 1024) * (BILLED_MS / 1000);
  const compute =
    LIST_PRICES.lambdaRequest +
    gigabyteSeconds * LIST_PRICES.lambdaGigabyteSecond[architecture] +
    (LOG_BYTES / 1e9) * LIST_PRICES.logGigabyte;
  const units = unitsOfKill();
  const store = units.write * LIST_PRICES.writeUnit + units.read * LIST_PRICES.readUnit;
  return [
    {
      name: 'AWS list price of a million kills, until acknowledged',
      value: (entrance + compute + store) * MILLION,
      unit: '$',
      budget: 50,
      note: `${BILLED_MS} ms of ${fn.Properties.MemorySize} MB ${architecture}, ${units.write} write and ${units.read} read units each; prices of 2026-11-26; its machine comes on top`,
    },
  ];
}

/** The units of the transaction: two for each kilobyte of an item in it, and one for each that the list index keeps of it; one read of the strategy. */
function unitsOfKill(): { write: number; read: number } {
  const now = new Date(0);
  const before = { ...newStrategy(StrategyId.parse('btc-momentum')), version: 1, ledgerRange: hashes(20) };
  const command = {
    actor: ActorId.parse('sub-0123456789abcdef01234567'),
    roles: ['risk-officer' as const],
    reason: 'x'.repeat(200),
    runId: RunId.parse('kill-btc-momentum-20261126-0123456789ab'),
    now,
  };
  const { strategy, sealed, records } = sealDecision(before, kill(before, command), now);
  const items = [strategy, ...sealed.map(({ text, receipt }) => ({ text, receipt }))];
  const listed = records.map((record) => recordItem(record, now));
  const kilobytes = (item: unknown) => Math.ceil(Buffer.byteLength(JSON.stringify(item)) / 1024);
  const transacted = [...items, ...listed].reduce((sum, item) => sum + 2 * kilobytes(item), 0);
  const indexed = [strategy, ...listed].reduce((sum: number, item) => sum + kilobytes(item), 0);
  return { write: transacted + indexed, read: Math.ceil(kilobytes(before) / 4) };
}

/** As many hashes as a log of a million entries keeps. */
const hashes = (count: number) => Array.from({ length: count }, () => 'ab'.repeat(32));
