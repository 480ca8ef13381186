import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import * as z from 'zod';
import { elapsedMs, jitter, now, pause } from '../adapters/aws/clock.ts';
import { DynamoBulkRecords } from '../adapters/aws/dynamo-bulk-records.ts';
import { DynamoBulkStrategies } from '../adapters/aws/dynamo-bulk-strategies.ts';
import { emfMetrics } from '../adapters/aws/emf-metrics.ts';
import { parseYaml } from '../adapters/aws/parse-yaml.ts';
import type { Tables } from '../adapters/aws/tables.ts';
import { digestOfBytes } from '../domain/ledger/digest.ts';
import { judgeStrategy } from '../domain/monitor/judge-strategy.ts';
import type { EvidenceDocument } from '../domain/ports/evidence.ts';
import type { Deeds, Ordered } from '../domain/watchdog/deeds.ts';
import type { TickPorts } from '../domain/watchdog/tick.ts';
import { watch } from '../domain/watchdog/watch.ts';
import { controlTable } from '../test/runbook/control-table.ts';
import type { WatchReport } from './watch-report.ts';

const Asked = z.object({ data: z.string(), forSeconds: z.int(), limits: z.string() });
const Local = z.looseObject({ tables: z.looseObject({ control: z.string(), ledger: z.string() }) });

/** The watchdog as its Lambda runs it, against the store of a running host, in a process of its own: nothing here is pretended but the deeds, which are noted, and the file of limits. */
async function watching({ data, forSeconds, limits }: z.infer<typeof Asked>): Promise<WatchReport> {
  const { tables } = Local.parse(JSON.parse(await readFile(join(data, 'local.json'), 'utf8')));
  const { dynamo, end } = await controlTable(data);
  const report = emptyReport();
  const counted = { calls: 0 };
  dynamo.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'BatchGetItemCommand') counted.calls += 1;
        return next(args);
      },
    { step: 'initialize' },
  );
  const looked = new Map<string, number>();
  const ports: TickPorts = {
    ...notedStore(dynamo, tables, report, counted),
    evidence: { ...NO_EVIDENCE, read: async (key) => fileOf(key, limits) },
    portfolio: { read: async () => undefined },
    metrics: emfMetrics((line) => {
      report.metricBytes += JSON.stringify(line).length;
    }, now),
    judge(sample, settings) {
      const [before, at] = [looked.get(sample.state.id), elapsedMs()];
      if (before !== undefined) report.longestGapMs = Math.max(report.longestGapMs, at - before);
      looked.set(sample.state.id, at);
      return judgeStrategy(sample, settings);
    },
    deeds: notedDeeds(report),
    log: (line) => void (line['outcome'] === 'fault' && report.faults.push(JSON.stringify(line))),
    ...{ parseYaml, newId: () => `bench-${process.pid}`, now, jitter, elapsedMs, pause },
  };
  await watch({ forSeconds }, ports);
  end();
  return { ...report, strategies: looked.size };
}

type Dynamo = Awaited<ReturnType<typeof controlTable>>['dynamo'];

/** The store of the product, with when what begins, and when it is done. */
function notedStore(dynamo: Dynamo, tables: Tables, report: WatchReport, counted: { calls: number }) {
  const strategies = new DynamoBulkStrategies(dynamo, tables);
  const records = new DynamoBulkRecords(dynamo, tables, now);
  let [tickAt, callsBefore] = [0, 0];
  let cpuBefore = process.cpuUsage();
  const [commit, replace] = [strategies.commit.bind(strategies), records.replace.bind(records)];
  strategies.commit = async (...args) => {
    const committed = await commit(...args);
    report.recorded.push({ strategyId: args[0].id, at: Date.now() });
    return committed;
  };
  records.replace = async (record) => {
    if (record.kind === 'WATCH') [tickAt, callsBefore] = [elapsedMs(), counted.calls];
    return replace(record);
  };
  const failed = (fault: unknown) => {
    report.faults.push(String(fault)); // whoever reads in bulk goes on one by one, and says nothing
    throw fault;
  };
  const [readMany, getMany] = [strategies.readMany.bind(strategies), records.getMany.bind(records)];
  strategies.readMany = (ids) => readMany(ids).catch(failed);
  records.getMany = (kind, ids) => getMany(kind, ids).catch(failed);
  const ticked = () => {
    const { user, system } = process.cpuUsage(cpuBefore);
    cpuBefore = process.cpuUsage();
    const cpuMs = (user + system) / 1_000;
    report.ticks.push({ ms: elapsedMs() - tickAt, calls: counted.calls - callsBefore, cpuMs });
    report.mostMemory = Math.max(report.mostMemory, process.memoryUsage().rss);
  };
  return { strategies, records, ticked };
}

const none = () => Promise.reject(new Error('the watch writes no evidence'));
const NO_EVIDENCE = { createOnce: none, replace: none, list: none };

const fileOf = (key: string, text: string): EvidenceDocument => ({
  ...{ key, bytes: new TextEncoder().encode(text), hash: digestOfBytes(text), storedAt: now().toISOString() },
});

/** What would be done is noted instead. */
function notedDeeds(report: WatchReport): Deeds {
  const deed = async ({ sample }: Ordered) => {
    report.deeds.push({ strategyId: sample.state.id, at: Date.now() });
    return { changed: true };
  };
  const slower = { throttle: deed, 'venue-instability': deed, 'reduce-only': deed };
  return { ...slower, 'safe-mode': deed, halt: deed, kill: deed };
}

const emptyReport = (): WatchReport => ({
  ...{ ticks: [], deeds: [], recorded: [], faults: [], longestGapMs: 0, strategies: 0, mostMemory: 0, metricBytes: 0 },
});

process.once('message', (asked) => {
  void watching(Asked.parse(asked)).then(
    (report) => process.send?.(report, () => process.disconnect()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
