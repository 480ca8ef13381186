import { type Chart, DashboardFile, liveDashboardOf } from '../../domain/dashboard/dashboard-file.ts';
import type { LiveDashboard } from '../../domain/dashboard/live-dashboard.ts';
import { problemLines, readYaml } from './read-yaml.ts';

export type { Chart, DashboardFile };

/** The live dashboard from the text of its file, and what go/no-go takes of it. Throws an Error with every mistake of the file, each with its line. */
export function readDashboard(text: string, file: string): { dashboard: DashboardFile; live: LiveDashboard } {
  const { value, problems } = readYaml(text, DashboardFile);
  if (problems) throw new Error(`${file} is no live dashboard:\n${problemLines(file, problems)}`);
  return { dashboard: value, live: liveDashboardOf(value) };
}
