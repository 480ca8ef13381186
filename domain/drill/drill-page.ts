import type { DrillScore } from './score-drill.ts';

/** A score for people, in Markdown. It says nothing that the score does not say. */
export function drillPage({ run, verdict, decidedAt, phases }: DrillScore, strategyId: string): string {
  const rows = phases.map(({ phase, ms, budgetMs, goalMs, verdict: judged, says }) =>
    [phase, ms === null ? 'not reached' : `${ms} ms`, `${budgetMs} ms`, goalMs === null ? '-' : `${goalMs} ms`, judged]
      .concat(cell(says))
      .join(' | '),
  );
  return [
    `# Drill of ${strategyId}: ${verdict}`,
    `Run ${run}, decided at ${decidedAt ?? 'no time that is known'}. Times count from the decision. The budget decides; the goal is the 99th percentile that the benchmark holds one machine to.`,
    ['| phase | reached after | budget | goal | verdict | from what |', '|---|---|---|---|---|---|']
      .concat(rows.map((row) => `| ${row} |`))
      .join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

/** Text of other people stays in its cell. */
const cell = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').replace(/[\\|<>&`*_[\]#]/g, (mark) => `\\${mark}`);
