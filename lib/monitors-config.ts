import { readFileSync } from 'node:fs';
import { readMonitors } from '../adapters/yaml/read-monitors.ts';
import type { CalendarConfig } from './calendars-config.ts';
import type { StrategyConfig } from './strategies-config.ts';

/** The thresholds of monitoring as they are registered. */
export type MonitorsConfig = ReturnType<typeof readMonitors>;

/** `config/monitors.yaml`, checked against the strategies and calendars that are deployed with it. Throws with every mistake, each with its line. */
export const readMonitorSettings = (
  file: string,
  strategies: readonly StrategyConfig[],
  calendars: readonly CalendarConfig[],
): MonitorsConfig =>
  readMonitors(readFileSync(file, 'utf8'), file, { strategies, venues: calendars.map(({ mic }) => mic) });
