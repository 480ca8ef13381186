import type { Alert } from '../../../domain/alert/alert.ts';
import { newAlertBook } from '../../../domain/alert/alert-book.ts';
import { type AlertPorts, keepAlerts } from '../../../domain/alert/keep-alerts.ts';
import { noteFindings } from '../../../domain/alert/note-findings.ts';
import type { MonitorFinding, MonitorLevel } from '../../../domain/monitor/finding.ts';
import { STRATEGY, type World, world } from '../../fakes/world.ts';

export const SETTINGS = { resolveAfterSeconds: 30, recountSeconds: 60 };

/** Too slow, by a level. */
export const finding = (level: MonitorLevel, more: Partial<MonitorFinding> = {}): MonitorFinding => ({
  ...{ strategyId: STRATEGY, rule: 'latency', subject: 'btc-momentum-1', level, detail: 'p95 is 130 ms over 60 s' },
  ...{ measured: 130.46, threshold: 120, unit: 'ms' },
  ...(level === 'act' && { action: 'throttle' }),
  ...more,
});

/** A watch over the world: one look a second, its alerts written each time. */
export function watching(made: World = world(), ports: AlertPorts = made.ports) {
  const book = newAlertBook();
  const look = async (...findings: MonitorFinding[]) => {
    made.pass(1_000);
    const states = [...made.store.strategies.values()];
    const judged = states.map((state) => ({
      state,
      findings: findings.filter(({ strategyId }) => strategyId === state.id),
      settings: SETTINGS,
    }));
    noteFindings(judged, book, made.clock.now);
    return keepAlerts(states, book, ports);
  };
  const looks = async (times: number, ...findings: MonitorFinding[]) => {
    for (let index = 0; index < times; index += 1) await look(...findings);
  };
  return { made, book, look, looks };
}

/** The alerts as they stand in the store, open and over. */
export const storedIn = ({ store }: World): Alert[] =>
  [...store.records.values()].flatMap((each) => (each.kind === 'ALERT' ? [each.record] : []));
