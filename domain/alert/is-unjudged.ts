import type { MonitorFinding } from '../monitor/finding.ts';
import type { Alert } from './alert.ts';

/** Whether the rule of an alert, or all of them, could not be judged at this look: then nobody knows that it is over. */
export const isUnjudged = ({ rule }: Alert, findings: readonly MonitorFinding[]): boolean =>
  findings.some((finding) => finding.rule === 'telemetry' && [UNJUDGED, unjudged(rule)].includes(finding.subject));

/** The subject of the finding that a strategy, or one rule of it, could not be judged. */
export const UNJUDGED = 'judging';
export const unjudged = (rule: string): string => `${UNJUDGED} ${rule}`;
