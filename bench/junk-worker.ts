import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';

const EVERY_MS = 10;
const { url, perSecond } = z.object({ url: z.url(), perSecond: z.int().min(100) }).parse(workerData);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Everything but a kill, and nothing of it right. */
const JUNK = [
  { method: 'GET', path: '/v1/strategies' },
  { method: 'POST', path: '/v1/strategies/btc-momentum/launches', body: '{"environment":' },
  { method: 'POST', path: '/v1/strategies/btc-momentum/stops', body: '[]' },
  { method: 'GET', path: '/v1/ledger/btc-momentum?from=x' },
  { method: 'POST', path: '/v1/approvals/nothing/signatures', body: 'x'.repeat(500) },
  { method: 'GET', path: '/openapi.json' },
] as const;

const counts = { sent: 0, answered: 0 };

function sendOne(): void {
  const junk = JUNK[counts.sent % JUNK.length] ?? JUNK[0];
  counts.sent += 1;
  const headers = { authorization: 'Bearer junk', 'content-type': 'application/json' };
  const sent = request(new URL(junk.path, url), { agent, method: junk.method, headers }, (reply) => {
    counts.answered += 1;
    reply.resume();
  });
  sent.on('error', () => undefined); // it is counted as not answered
  sent.end('body' in junk ? junk.body : undefined);
}

const startedAt = performance.now();
/** What has come due since: a timer that is late is made up for. */
const timer = setInterval(() => {
  const due = ((performance.now() - startedAt) * perSecond) / 1000;
  while (counts.sent < due) sendOne();
}, EVERY_MS);

parentPort?.once('message', () => {
  clearInterval(timer);
  agent.destroy();
  parentPort?.postMessage(counts);
  parentPort?.close();
});
