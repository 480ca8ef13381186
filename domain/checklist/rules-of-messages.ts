import type { Trigger } from '../communications/trigger.ts';
import { expectedMessages } from './expected-messages.ts';
import { both, type Known, lacking, type Need } from './need.ts';
import { unlessKilled, unlessStopped } from './occasions.ts';
import type { Rule } from './rule.ts';
import { told } from './told.ts';

const MEND = 'tell them another way, and mend the channel: tradepulse-cli comms ls';

/** Every message of a trigger that the run called for was told. */
const allTold =
  (trigger: Trigger): Need =>
  (known) => {
    const wanted = expectedMessages(known.course).filter((each) => each.trigger === trigger);
    if (wanted.length === 0) return lacking(`nothing of this run has called for ${trigger} yet`);
    return both(...wanted.map((each) => told(each)(known)));
  };

/** Every message that the run called for was told, whatever its trigger. */
export const everythingTold: Need = (known) => both(...expectedMessages(known.course).map((each) => told(each)(known)));

const unlessRecovered = ({ course }: Known): string | undefined =>
  course.entries.some(({ entry }) => entry.type === 'recovery.restored')
    ? undefined
    : 'no recovery was completed by this run: that takes five green minutes of the first launch after it';

/** Runbook 6: the four rows of the communication matrix. */
export const RULES_OF_MESSAGES = {
  '6.1': { needs: allTold('launch-start'), next: MEND },
  '6.2': { unless: unlessKilled, needs: allTold('kill-switch'), next: MEND },
  '6.3': { unless: unlessStopped, needs: allTold('planned-halt'), next: MEND },
  '6.4': { unless: unlessRecovered, needs: allTold('recovery-complete'), next: MEND },
} as const satisfies Readonly<Record<string, Rule>>;
