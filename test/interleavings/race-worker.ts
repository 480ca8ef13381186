import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { killRace } from './kill-race.ts';

/** Tries the race in a thread of its own, where the test runner does not follow every promise, and says what came out. */
const report = await fc.check(killRace, workerData as object);
const failure = report.failed ? `${String(report.errorInstance)}\n${fc.defaultReportMessage(report)}` : undefined;
parentPort?.postMessage({ tried: report.numRuns, failure });
