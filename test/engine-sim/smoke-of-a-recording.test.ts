import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { smokeDocument } from '../../domain/smoke/smoke-document.ts';
import { REGISTRATION, RUN, STRATEGY } from '../fakes/world.ts';
import { artifactDigest, LIMITS, PARAMETERS, type RunningSystem, runningSystem } from './running-system.ts';

const soon = { deadlineMs: 5_000 };
const MINUTE_MS = 60_000;
const FRIDAY = Date.parse('2024-01-05T21:52:00Z');
const MONDAY = Date.parse('2024-01-08T14:30:00Z');
/** Twelve minutes until a Friday's close, one of them without a trade, and six from a Monday's open on: closed hours are not recorded. */
const MINUTES = [...times(FRIDAY, 12), ...times(MONDAY, 6)];

function times(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, minute) => from + minute * MINUTE_MS);
}

function recording(): string {
  const lines = MINUTES.map((at, index) => {
    const price = 60_000 + 10 * index;
    return [new Date(at).toISOString(), price, price + 30, price - 30, price + 5, index === 7 ? 0 : 40].join(',');
  });
  return `${['timestamp,open,high,low,close,volume', ...lines].join('\n')}\n`;
}

describe('the smoke replay of an old recording with a weekend in it', () => {
  let system: RunningSystem;
  let folder: string;
  const replayed = async () => {
    const order = { strategyId: 'btc', epoch: 1, commandId: 'smoke', runId: 'run-1', windowMinutes: 15 };
    const said = await system.engines.smoke(system.instance(), order, soon);
    const now = new Date('2026-11-24T12:00:00Z');
    const answers = [{ instanceId: 'btc-1', askedAt: now, answeredAt: now, said }];
    const bands = { ...REGISTRATION.policy.smoke, maxNotional: 250_000, maxCancelRatio: 1, maxLatencyP95Ms: 5_000 };
    const judge = (changes: object) =>
      smokeDocument({
        ...{ run: { id: RUN, strategyId: STRATEGY }, answers, expected: { artifactDigest }, lastGood: undefined, now },
        ...{ windowMinutes: 15, bands: { ...bands, ...changes } },
      });
    return { said, judge };
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recording-'));
    await writeFile(join(folder, 'recording.csv'), recording());
    system = await runningSystem({
      ...{ instruments: [{ symbol: 'BTC-USD', price: 60_000, spreadBps: 1, volatilityBps: 8 }], sessions: null },
      marketData: { file: join(folder, 'recording.csv'), speed: 1 },
    });
    const order = { strategyId: 'btc', epoch: 1, commandId: 'deploy', artifactDigest };
    await system.engines.deploy(system.instance(), { ...order, parameters: PARAMETERS, limits: LIMITS }, soon);
  });
  after(async () => {
    await system.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('takes the newest fifteen minutes in which something traded, across the closed hours', async () => {
    const { said } = await replayed();

    assert.deepEqual(
      [said.bars, said.window.from.slice(0, 10), said.window.to.slice(0, 10)],
      [15, '2024-01-05', '2024-01-08'],
    );
    const minutes = new Set(said.orders.map(({ at }) => at));
    assert.equal(minutes.has(new Date(FRIDAY + 7 * MINUTE_MS).toISOString()), false, 'nothing traded then');
    assert.ok(minutes.has(new Date(MONDAY).toISOString()));
  });

  it('passes with its age shown, and fails where somebody has agreed how old it may be', async () => {
    const { judge } = await replayed();

    const [shown, judged] = [judge({}), judge({ maxAgeHours: 72 })];

    assert.deepEqual([shown.verdict, judged.verdict], ['passed', 'failed'], JSON.stringify(shown.gates));
    const { window } = shown.instances[0] ?? {};
    assert.ok(Number(window?.ageHours) > 24 * 365 && Number(window?.spanMinutes) > 64 * 60);
  });
});
