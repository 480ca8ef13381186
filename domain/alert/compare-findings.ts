import { MonitorAction, type MonitorFinding, MonitorLevel } from '../monitor/finding.ts';

type Weighed = Pick<MonitorFinding, 'level' | 'action'>;

/** Positive where the first is worse: by level, and where both act by what they do. What asks for no action is milder than what asks for one. */
export const compareFindings = (left: Weighed, right: Weighed): number =>
  compareLevels(left.level, right.level) || rankOf(left.action) - rankOf(right.action);

export const compareLevels = (left: MonitorLevel, right: MonitorLevel): number =>
  MonitorLevel.options.indexOf(left) - MonitorLevel.options.indexOf(right);

const rankOf = (action: MonitorAction | undefined): number =>
  action === undefined ? -1 : MonitorAction.options.indexOf(action);
