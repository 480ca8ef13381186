/** The groups that people belong to, and what each is for. The `api` Lambda reads them as `cognito:groups`. */
export const roles = {
  'execution-trader': 'Launches, flips, stops and kills strategies; signs launches',
  'risk-officer': 'Co-signs launches, confirms kills, stops and kills anything',
  quant: 'Reviews smoke replays and drift; may kill',
  sre: 'Runs the control plane; may kill',
  auditor: 'Reads everything, changes nothing',
} as const;
