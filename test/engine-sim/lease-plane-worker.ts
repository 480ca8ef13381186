import process from 'node:process';
import { elapsedMs, jitter } from '../../adapters/aws/clock.ts';
import { DynamoRecords } from '../../adapters/aws/dynamo-records.ts';
import { DynamoStrategies } from '../../adapters/aws/dynamo-strategies.ts';
import { LeaseRequest } from '../../domain/engine/lease-request.ts';
import { StrategyId } from '../../domain/ids.ts';
import { renewLease } from '../../domain/lease/renew-lease.ts';
import { Refusal } from '../../domain/refusal.ts';
import { listen } from '../../engine-sim/program/listen.ts';
import { runProgram } from '../../engine-sim/program/run-program.ts';
import { documentClient, tables } from '../adapters/aws/local-tables.ts';
import { pointAt } from '../adapters/aws/point-at.ts';

/** The product's lease function on a store (first argument: its URL), as a process of its own that a test can stop. Its second port sets its clock off, in ms. */
pointAt('DYNAMODB', process.argv[2] ?? '');
const dynamo = documentClient();
let offMs = 0;
const now = () => new Date(Date.now() + offMs);
const ports = {
  strategies: new DynamoStrategies(dynamo, tables),
  records: new DynamoRecords(dynamo, tables, now),
  ledger: { commitTo: () => Promise.reject(new Error('no venue is halted here')) },
  spool: { put: () => Promise.reject(new Error('nothing is spooled here')), read: async () => undefined },
  flags: { read: async () => ({ live: true, version: 1 }) },
  now,
  jitter,
  elapsedMs,
};

async function renewed(request: Request): Promise<Response> {
  const report = LeaseRequest.parse(await request.json());
  const { instanceId, epoch, lapsedEpoch } = report;
  const strategyId = StrategyId.parse(new URL(request.url).pathname.split('/').at(-2));
  try {
    const command = { clientId: instanceId, strategyId, instanceId, epoch, lapsedEpoch, report };
    return Response.json(await renewLease(command, ports));
  } catch (error) {
    if (!(error instanceof Refusal)) return Response.json({ code: 'Fault' }, { status: 500 });
    return Response.json({ code: error.name, facts: error.facts }, { status: 409 });
  }
}

await runProgram(
  async () => {
    const leases = await listen(renewed, 0);
    const clock = await listen(async (request) => {
      offMs = Number(await request.text());
      return Response.json({ pid: process.pid });
    }, 0);
    return {
      url: leases.url,
      faultUrl: clock.url,
      close: () => Promise.all([leases.close(), clock.close()]).then(() => undefined),
    };
  },
  () => undefined,
);
