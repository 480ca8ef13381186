import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { healthTick } from '../runbook/aws-of-the-host.ts';
import { secondsAgo } from '../runbook/tokens.ts';
import type { Fault } from './fault.ts';
import type { FaultWorld } from './fault-world.ts';

const MINUTE_S = 60;
const DAY_MS = 86_400_000;
const nothing = async () => undefined;

/** What goes wrong around us: clocks, people, engines, venues, and ourselves. */
export const SURROUNDING_FAULTS: readonly Fault[] = [
  {
    name: 'state of 10 minutes ago, and a token that ended then',
    begin: nothing,
    end: nothing,
    prepare: (strategy, world) => writtenAgo(strategy, 10 * 60_000, world),
    token: (as, { plane }) =>
      plane.tokenOf.issued(as, { iat: secondsAgo(15 * MINUTE_S), exp: secondsAgo(10 * MINUTE_S) }),
  },
  {
    name: 'state of 30 days ago, as the previous release wrote it',
    begin: nothing,
    end: nothing,
    prepare: (strategy, world) => writtenAgo(strategy, 30 * DAY_MS, world),
  },
  { name: 'the clock is 10 minutes fast', ...clockOff(600_000) },
  { name: 'the clock is 10 minutes slow', ...clockOff(-600_000) },
  {
    name: 'the identity provider is down, and the kill functions start cold',
    async begin({ faulty }) {
      await healthTick(faulty.host().data);
      await faulty.command({ identityIsAway: true, coldKill: true });
    },
    end: ({ faulty }) => faulty.command({ identityIsAway: false }),
  },
  { name: 'nobody confirms', begin: nothing, end: nothing },
  {
    name: 'a second and a third killer at the same moment',
    begin: nothing,
    end: nothing,
    shape(plan) {
      const [first] = plan.kills;
      const atMs = first?.atMs ?? 0;
      return { ...plan, kills: (['trader', 'risk', 'device', 'scope'] as const).map((by) => ({ by, atMs })) };
    },
  },
  {
    name: 'the engines stand still',
    begin: async (world) => process.kill(await engineOf(world), 'SIGSTOP'),
    end: async (world) => process.kill(await engineOf(world), 'SIGCONT'),
  },
  {
    name: 'a venue refuses cancels',
    begin: ({ plane }) => plane.fault('refuse-cancel', true),
    end: ({ plane }) => plane.fault('refuse-cancel', false),
  },
  junk(1_000),
  {
    name: 'the control plane dies in the middle, and is started again',
    noAnswer: true,
    begin: ({ faulty }) => faulty.crash(),
    async end(world) {
      await world.faulty.restart();
      await world.refresh();
    },
    shape: (plan) => ({ ...plan, kills: plan.kills.map(({ by, atMs }) => ({ by, atMs: -(Math.abs(atMs) % 150) })) }),
  },
];

function clockOff(clockMs: number): Omit<Fault, 'name'> {
  return {
    haltRefused: true,
    begin: ({ faulty }) => faulty.command({ clockMs }),
    end: ({ faulty }) => faulty.command({ clockMs: 0 }),
  };
}

/** So much junk each second, on every route but those of kills. */
function junk(perSecond: number): Fault {
  let worker: Worker | undefined;
  return {
    name: `${perSecond} requests of junk a second on other routes`,
    async begin({ faulty }) {
      const workerData = { url: faulty.host().url, perSecond };
      worker = new Worker(new URL('../../bench/junk-worker.ts', import.meta.url), { workerData });
    },
    async end() {
      if (!worker) return;
      const told = once(worker, 'message');
      worker.postMessage('enough');
      await told;
      await worker.terminate();
    },
  };
}

/** The process of all engines, a child of the host's. */
async function engineOf({ faulty }: FaultWorld): Promise<number> {
  const parent = String(faulty.host().pid);
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (what: string) => readFile(`/proc/${pid}/${what}`, 'utf8').catch(() => '');
    const [, ppid] = /\) \S (\d+)/.exec(await read('stat')) ?? [];
    if (ppid === parent && (await read('cmdline')).includes('engine-sim/engine.ts')) return Number(pid);
  }
  throw new Error('the host runs no engine');
}

/**
 * Ages what the control table holds of a strategy: its lease ended so long ago, and its items have none of the members that came
 * later than the first release.
 */
async function writtenAgo(strategy: string, ms: number, { backstage, registration }: FaultWorld): Promise<void> {
  const { engines } = registration(strategy);
  for (const { instanceId } of engines) {
    const pk = `LEASE#${strategy}/${instanceId}`;
    const item = await backstage.item(pk);
    const at = (fromThen: number) => new Date(Date.now() - ms + fromThen).toISOString();
    if (item) await backstage.put({ ...item, record: { ...item['record'], grantedAt: at(-5_000), expiresAt: at(0) } });
  }
  const { spooledKills, ...item } = (await backstage.item(`STRATEGY#${strategy}`)) ?? {};
  if (spooledKills === 0) await backstage.put(item);
}
