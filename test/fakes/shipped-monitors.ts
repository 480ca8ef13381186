import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMonitors } from '../../adapters/yaml/read-monitors.ts';
import type { Monitors } from '../../domain/monitor/monitor-settings.ts';

const FILE = 'config/monitors.yaml';
let read: Monitors | undefined;

/** The thresholds of monitoring of this repository, as they are registered. */
export function shippedMonitors(): Monitors {
  const text = () => readFileSync(join(import.meta.dirname, '../..', FILE), 'utf8');
  read ??= readMonitors(text(), FILE, { strategies: [], venues: [] });
  return read;
}
