import type { MappedItem, RunbookTrace } from '../adapters/yaml/read-runbook-trace.ts';

/** `docs/runbook-trace.md`: the trace as an auditor reads it, made from `config/runbook-trace.yaml`. */
export function tracePage({ items, excused }: RunbookTrace): string {
  const all = Object.entries(items);
  const missing = all.filter(([, { notBuilt }]) => notBuilt !== undefined);
  return [
    '# The runbook and where it stands',
    '',
    'Made from `config/runbook-trace.yaml` by `node scripts/runbook-trace.ts`; a test holds both against the runbook, the state machines, the',
    'Lambdas, the rules and the tests. [The runbook itself](runbook.md) is kept to the letter. What the checklist of a run says of each item:',
    '[audit.md](audit.md).',
    '',
    `${all.length} items, ${missing.length} of them not built yet in full.`,
    ...all.flatMap(([id, item]) => ['', ...itemLines(id, item)]),
    '',
    '## Not built yet',
    '',
    ...missing.map(([id, { notBuilt }]) => `- **${id}**: ${notBuilt}.`),
    '',
    '## States that carry no item',
    '',
    ...(Object.keys(excused).length === 0
      ? ['None.']
      : Object.entries(excused).map(([state, reason]) => `- \`${state}\`: ${reason}.`)),
    '',
  ].join('\n');
}

function itemLines(id: string, { text, states, lambdas, functions, tests, notBuilt }: MappedItem): string[] {
  const listed = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`- ${what}: ${names.map((name) => `\`${name}\``).join(', ')}`];
  return [
    `## ${id}`,
    '',
    `> ${text.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')}`,
    '',
    ...listed('states', states),
    ...listed('Lambdas', lambdas),
    ...listed('rules', functions),
    ...listed('tests', tests),
    ...(notBuilt === undefined ? [] : [`- not built yet: ${notBuilt}`]),
  ];
}
