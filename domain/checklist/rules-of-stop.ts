import { allOf, both, lacking, type Need } from './need.ts';
import { unlessStopped } from './occasions.ts';
import { filed, type Judge, newest, recorded } from './recorded.ts';
import type { Rule } from './rule.ts';
import { signedBy } from './signed-by.ts';
import { told } from './told.ts';

/** Of the stop that ends the run: the one that was asked for last. */
const ofTheStop =
  (need: (run: string) => Need): Need =>
  (known) => {
    const run = known.course.stops.at(-1);
    return run === undefined ? lacking('the run has not been stopped') : need(run)(known);
  };

const withTicket: Judge = ({ ticket }) => (ticket === undefined ? 'it names no ticket' : undefined);

/** Right before a stop is confirmed the venues are asked once more: nothing rests then, or nothing that a risk officer has not signed for. */
const signedWhatIsLeft =
  (run: string): Need =>
  (known) => {
    const left = newest(known, { type: 'stop.confirmed', run })?.entry.payload['left'];
    return left === undefined ? both() : signedBy({ kind: 'drain-sign-off', roles: ['risk-officer'] })(known);
  };

const GO_ON = 'stop it, or see why the stop did not get there: tradepulse-cli stop --strategy <id>, runs <run>';

/** Runbook 4: the planned stop. */
export const RULES_OF_STOP = {
  '4.1': {
    unless: unlessStopped,
    needs: ofTheStop((run) => allOf(recorded({ type: 'stop.opened', run }), told({ trigger: 'planned-halt', run }))),
    next: GO_ON,
  },
  '4.2': {
    unless: unlessStopped,
    needs: ofTheStop((run) => filed({ type: 'flag.disabled', run, at: 'audit' })),
    next: GO_ON,
  },
  '4.3': {
    unless: unlessStopped,
    needs: ofTheStop((run) => allOf(recorded({ type: 'stop.confirmed', run }), signedWhatIsLeft(run))),
    next: GO_ON,
  },
  '4.4': {
    unless: unlessStopped,
    needs: ofTheStop((run) => filed({ type: 'strategy.settled', run, at: 'log' })),
    next: 'settle it: tradepulse-cli settle --strategy <id>',
  },
  '4.6': {
    unless: unlessStopped,
    needs: ofTheStop((run) => recorded({ type: 'stop.confirmed', run, says: withTicket })),
    next: GO_ON,
  },
} as const satisfies Readonly<Record<string, Rule>>;
