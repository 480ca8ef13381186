import { judgeCalendar } from '../../adapters/yaml/read-calendar.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { readSmallFile } from '../manifest/small-file.ts';

const MAX_BYTES = 1_000_000;

/** Judges calendar files as the deployment will: every mistake of every file with its line. */
export async function venueCheck({ out }: Context, files: readonly string[]): Promise<void> {
  const wrong: string[] = [];
  for (const file of files) {
    const judged = judgeCalendar((await readSmallFile(file, MAX_BYTES)).toString('utf8'), file);
    if (!judged.calendar) wrong.push(judged.wrong);
    else {
      const { mic, name, covers } = judged.calendar;
      out.step('succeeded', `${file}: ${mic}, ${name}, ${covers.from} to ${covers.to}`, undefined, {
        file,
        mic,
        covers,
      });
    }
  }
  if (wrong.length > 0) throw new CliError('usage', wrong.join('\n'), 'mend the lines that are named');
}
