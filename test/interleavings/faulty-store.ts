import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { listen } from '../../local/host/listen.ts';
import { Dice } from '../domain/ledger/verify/a-random-log.ts';

/** How many of a hundred requests conflict or are throttled; `delayMs` is the longest that one is held up. */
export type Faults = { seed: number; conflicts: number; throttles: number; delayMs: number };

const IN_A_ROW = 2; // the SDK asks three times: a store that throttles for longer is one that is away, which other tests are about
const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.0' };
const HOP_BY_HOP = new Set(['host', 'connection', 'content-length']);

/** A DynamoDB endpoint in front of another one, which conflicts, throttles and dawdles as the real one does under load. */
export async function faultyStore(target: string, { seed, conflicts, throttles, delayMs }: Faults) {
  const dice = new Dice(seed);
  const inARow = new Map<string, number>();
  let calm = false;

  function isThrottled(operation: string): boolean {
    const before = inARow.get(operation) ?? 0;
    const throttled = before < IN_A_ROW && dice.roll(100) < throttles;
    inARow.set(operation, throttled ? before + 1 : 0);
    return throttled;
  }

  function faultOf(operation: string, body: Buffer): object | undefined {
    if (isThrottled(operation)) {
      return { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException', message: 'slow down' };
    }
    if (operation !== 'TransactWriteItems' || dice.roll(100) >= conflicts) return undefined;
    const { TransactItems } = JSON.parse(body.toString()) as { TransactItems: unknown[] };
    const CancellationReasons = TransactItems.map((_, index) => ({
      Code: index === 0 ? 'TransactionConflict' : 'None',
    }));
    const __type = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException';
    return { __type, message: 'cancelled', CancellationReasons };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    if (delayMs > 0) await delay(dice.roll(delayMs));
    const fault = calm ? undefined : faultOf(String(request.headers['x-amz-target']).split('.').at(-1) ?? '', body);
    if (fault) return void response.writeHead(400, JSON_TYPE).end(JSON.stringify(fault));
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      HOP_BY_HOP.has(name) ? [] : [[name, String(value)] as [string, string]],
    );
    const reply = await fetch(target, { method: 'POST', headers, body });
    response.writeHead(reply.status, JSON_TYPE).end(Buffer.from(await reply.arrayBuffer()));
  }

  const door = await listen(0);
  door.open((request, response) => void answer(request, response).catch(() => response.destroy()));
  return {
    url: door.url,
    /** No faults from here on. */
    calm() {
      calm = true;
    },
    close: () => door.close(),
  };
}
