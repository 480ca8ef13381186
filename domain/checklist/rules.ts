import type { Rule } from './rule.ts';
import { RULES_OF_BOXES, RULES_OF_REVIEW } from './rules-after.ts';
import { RULES_OF_ARCHIVE } from './rules-of-archive.ts';
import { RULES_OF_KILL } from './rules-of-kill.ts';
import { RULES_OF_LAUNCH, RULES_OF_PRECONDITIONS } from './rules-of-launch.ts';
import { RULES_OF_MESSAGES } from './rules-of-messages.ts';
import { RULES_OF_INCIDENTS, RULES_OF_MONITORING } from './rules-of-monitoring.ts';
import { RULES_OF_STOP } from './rules-of-stop.ts';
import type { ItemId } from './runbook-items.ts';

/** How each item of the runbook is judged: an item without a rule does not compile. */
export const RULES: Readonly<Record<ItemId, Rule>> = {
  ...RULES_OF_PRECONDITIONS,
  ...RULES_OF_LAUNCH,
  ...RULES_OF_MONITORING,
  ...RULES_OF_STOP,
  ...RULES_OF_ARCHIVE,
  ...RULES_OF_KILL,
  ...RULES_OF_INCIDENTS,
  ...RULES_OF_MESSAGES,
  ...RULES_OF_REVIEW,
  ...RULES_OF_BOXES,
};
