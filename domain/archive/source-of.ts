/** What a file was made from, by its path below the folder of the run: stands in the manifest beside each. */
export function sourceOf(path: string): string {
  const [folder = '', run = ''] = path.split('/');
  if (folder === 'runs') return `the folder of ${run}`;
  if (folder === 'executions') return 'the history of the execution, task tokens taken out';
  if (folder === 'venue-incidents') return 'what people recorded of a venue';
  return SOURCES.find(([name]) => path.startsWith(name))?.[1] ?? 'filed by the run';
}

const SOURCES: readonly (readonly [string, string])[] = [
  ['settle.', 'the settlement of the stop'],
  ['orders', 'the venues, asked with our own credentials'],
  ['telemetry', 'what leases reported, once a minute'],
  ['pnl.', 'what leases reported, once a minute'],
  ['risk.json', 'what leases reported, once a minute, against the approved limits'],
  ['limits.json', 'configs/risk/limits.yaml and what leases reported'],
  ['positions.json', 'the settlement, or what was held at the kill, or the last minute'],
  ['sla_incidents', 'the ledger, deliveries and leases'],
  ['venue_incidents', 'venue-incidents/'],
];
