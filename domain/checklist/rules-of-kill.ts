import { KILL_EVENTS_FOLDER } from '../kill/kill-events-folder.ts';
import { allOf, both, found, type Known, lacking, type Need, type Proof } from './need.ts';
import { unlessKilled } from './occasions.ts';
import { citing, type Judge, newest, recorded } from './recorded.ts';
import type { Rule } from './rule.ts';
import { isProved } from './signed-by.ts';
import { told } from './told.ts';

/** What has to hold for every kill of the run. */
const ofEachKill =
  (need: (run: string) => Need): Need =>
  (known) =>
    both(...known.course.kills.map((run) => need(run)(known)));

/** The fragment of `kill_events.jsonl` is there, and says what the entry says. */
const eventFiled =
  (run: string, event: 'requested' | 'confirmed'): Need =>
  (known) => {
    const key = `${KILL_EVENTS_FOLDER}${run}-${event}.json`;
    const file = Object.hasOwn(known.facts.files, key) ? known.facts.files[key] : undefined;
    const entry = newest(known, { type: `kill.${event}`, run });
    if (!file) return lacking(`${key} is not there`);
    if (!entry || !agree(Object(file.json), entry.entry)) return lacking(`${key} says something else than the ledger`);
    return found({ hash: file.hash, source: key, at: file.storedAt });
  };

/** Who killed and why; of a confirmation also who confirmed, when, and which document they signed. */
function agree(event: Readonly<Record<string, unknown>>, entry: Parameters<Judge>[0]): boolean {
  const { payload, actor, run, type } = entry;
  if (event['event'] !== type || event['run'] !== run) return false;
  if (type === 'kill.requested') return event['initiator'] === actor && event['reason'] === payload['reason'];
  return ['initiator', 'confirmer', 'at', 'digest'].every((name) => event[name] === payload[name]);
}

/** Both signatures stand in the entry and verify: the initiator's may stand in the request instead, where a device made it. */
const twoSigned: Judge = (entry) => {
  if (!isProved(entry)) return 'it holds a signature that does not verify, or none';
  const { payload } = entry;
  return payload['initiator'] === payload['confirmer'] ? 'one person alone has signed' : undefined;
};

const CALL = 'tradepulse-cli kill-certificate <run> says what is missing; the confirmer signs: tradepulse-cli approve';

/** Runbook 5.1: kill-switch activation. */
export const RULES_OF_KILL = {
  '5.1.1': {
    unless: unlessKilled,
    needs: ofEachKill((run) => recorded({ type: 'kill.requested', run })),
    next: CALL,
  },
  '5.1.2': {
    unless: unlessKilled,
    needs: ofEachKill((run) =>
      allOf(
        eventFiled(run, 'requested'),
        recorded({ type: 'kill.confirmed', run, says: twoSigned }),
        eventFiled(run, 'confirmed'),
      ),
    ),
    next: CALL,
  },
  '5.1.3': {
    unless: unlessKilled,
    needs: ofEachKill((run) =>
      allOf(
        recorded({
          type: 'kill.announced',
          run,
          says: ({ payload }) => (payload['expectedRecovery'] ? undefined : 'it names no expected recovery'),
        }),
        told({ trigger: 'kill-switch', run }),
      ),
    ),
    next: 'tell them another way, and mend the channel: tradepulse-cli comms ls',
  },
  '5.1.4': { unless: unlessKilled, needs: ofEachKill(frozenUntilSigned), next: CALL },
} as const satisfies Readonly<Record<string, Rule>>;

/** Launches were frozen, and stay so; or what lifted that had a post-mortem that was signed off before it. */
function frozenUntilSigned(run: string): Need {
  const frozen = recorded({ type: 'freeze.set', run });
  return (known) => {
    const lifted = known.course.entries.find(({ entry }) => entry.type === 'recovery.lifted');
    return lifted ? both(frozen(known), signedOffBefore(run, lifted.index, known)) : frozen(known);
  };
}

function signedOffBefore(run: string, index: number, known: Known): Proof {
  const signed = newest(known, { type: 'recovery.post-mortem-signed' });
  const isBefore = signed && signed.index < index && signed.entry.payload['recovers'] === run;
  return isBefore ? found(citing(signed)) : lacking('the freeze was lifted without a post-mortem that was signed off');
}
