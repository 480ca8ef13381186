import type { Monitors } from '../../domain/monitor/monitor-settings.ts';
import { monitorsFile, monitorsOf, type Watched } from '../../domain/monitor/monitors-file.ts';
import { problemLines, readYaml } from './read-yaml.ts';

/** The thresholds of monitoring from the text of their file, as they are stored. Throws an Error with every mistake of the file, each with its line. */
export function readMonitors(text: string, file: string, watched: Watched): Monitors {
  const { value, problems } = readYaml(text, monitorsFile(watched));
  if (problems) throw new Error(`${file} is not valid:\n${problemLines(file, problems)}`);
  return monitorsOf(value);
}
