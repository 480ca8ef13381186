import { replayGoNoGo } from '../launch/replay-go-no-go.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Checklist, ItemStatus } from './checklist.ts';
import type { ChecklistFacts } from './checklist-facts.ts';
import { courseOfRun } from './course-of-run.ts';
import { judgeItem } from './judge-item.ts';
import { ITEM_IDS } from './runbook-items.ts';
import { soundLog } from './sound-log.ts';

/** Runbook section 8 and every other item, computed from facts and from nothing else: no clock, no store, nothing that anybody ticked. */
export function computeChecklist(facts: ChecklistFacts): Checklist {
  const sound = soundLog(facts.log);
  const course = courseOfRun(facts.run.id, sound.entries);
  const isCutOff = facts.log.cut && course.endedAt === undefined; // what comes later may have stopped or killed it
  const wrong = isCutOff ? [...sound.wrong, 'it goes on, and was not read to the end of the run'] : sound.wrong;
  const decisionFollows = facts.decision !== undefined && replayGoNoGo(facts.decision.decision).same;
  const known = { facts, course, decisionFollows };
  const items = ITEM_IDS.map((id) => judgeItem(id, known, wrong));
  const { id: run, strategyId, startedAt, requestedBy } = facts.run;
  const count = (status: ItemStatus) => items.filter((each) => each.status === status).length;
  return {
    ...{ run, strategyId, startedAt, requestedBy, course: course.state },
    complete: count('open') === 0,
    counts: {
      ticked: count('ticked'),
      attested: count('attested'),
      open: count('open'),
      'not-applicable': count('not-applicable'),
    },
    items,
    digest: digestOf({ run, items }),
  };
}
