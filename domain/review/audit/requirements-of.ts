import * as z from 'zod';
import type { Role } from '../../approval/approval.ts';
import { approvalId } from '../../approval/open-approval.ts';
import { RunId } from '../../ids.ts';
import { GateResult } from '../../launch/finding.ts';
import type { StoredEntry } from '../stored-entry.ts';
import type { Required } from './judge-question.ts';

const TRADER_AND_RISK: readonly (readonly Role[])[] = [['execution-trader'], ['risk-officer']];
const AUTHORISERS: readonly Role[] = ['execution-trader', 'quant', 'sre'];

/** What the entries of a run must be carried by: for each thing that was done, the questions that people must have signed before it. A kill has rules of its own. */
export const requirementsOf = (entries: readonly StoredEntry[]): Required[] =>
  entries.flatMap((stored) => RULES[stored.entry.type]?.(stored, entries) ?? []);

type Rule = (act: StoredEntry, entries: readonly StoredEntry[]) => Required[];

const RULES: Readonly<Record<string, Rule>> = {
  'launch.enabled': ({ index, entry }) => [
    ...asked(entry.run, 'launch-confirmation', { item: '2.3', what: 'the launch', roles: TRADER_AND_RISK }, index),
    ...asked(
      entry.run,
      'flag-flip',
      { item: '2.5', what: 'the flip of live.enabled', roles: [['execution-trader']] },
      index,
    ),
  ],
  'resume.enabled': ({ index, entry }) =>
    asked(entry.run, 'resume', { item: '2.3', what: 'the resumption', roles: TRADER_AND_RISK }, index),
  'gates.judged': overridesOf,
  'limits.applied': ({ index, entry }) =>
    named(entry.payload['approval'], { item: '1.4', what: 'new limits', roles: TRADER_AND_RISK }, index),
  'freeze.lifted': ({ index, entry }) =>
    named(
      entry.payload['approval'],
      { item: '5.1.4', what: 'the end of a freeze', roles: [['risk-officer'], ['sre']] },
      index,
    ),
  'strategy.lifted': ({ index, entry }) =>
    named(entry.payload['approval'], { item: '3.2', what: 'the end of a restriction', roles: TRADER_AND_RISK }, index),
  'drain.left': leftOrders,
  'recovery.lifted': recoveryOf,
};

type Terms = Pick<Required, 'item' | 'what' | 'roles' | 'notBy'>;

function asked(run: unknown, kind: Parameters<typeof approvalId>[1], terms: Terms, before: number): Required[] {
  const { data: runId } = RunId.safeParse(run);
  return runId ? [{ ...terms, what: `${terms.what} of ${runId}`, approval: approvalId({ runId }, kind), before }] : [];
}

const named = (approval: unknown, terms: Terms, before: number): Required[] =>
  typeof approval === 'string' ? [{ ...terms, what: `${terms.what} (${approval})`, approval, before }] : [];

const Judged = z.object({ gates: z.array(GateResult) });

/** The ids of the overrides by which the gates of these entries let something pass, each once. */
export function overridesIn(entries: readonly StoredEntry[]): { readonly id: string; readonly act: StoredEntry }[] {
  const found = entries.flatMap((act) =>
    act.entry.type === 'gates.judged' ? overrideIds(act).map((id) => [id, act] as const) : [],
  );
  return [...new Map(found)].map(([id, act]) => ({ id, act }));
}

const overrideIds = ({ entry }: StoredEntry): string[] =>
  (Judged.safeParse(entry.payload).data?.gates ?? []).flatMap(({ findings }) =>
    findings.flatMap(({ override }) => override ?? []),
  );

/** Product decision 13: the risk officer verifies, another designated person authorises, neither of them a signer of that launch. */
function overridesOf(act: StoredEntry, entries: readonly StoredEntry[]): Required[] {
  const launch = `${act.entry.run}-launch-confirmation`;
  const signers = entries.filter(
    ({ entry }) => entry.payload['approval'] === launch && entry.type === 'approval.signed',
  );
  const notBy = { people: signers.map(({ entry }) => entry.actor), why: 'is by somebody who has signed that launch' };
  return overridesIn([act]).flatMap(({ id }) =>
    asked(
      id,
      'override',
      { item: '1', what: 'the override', roles: [['risk-officer'], AUTHORISERS], notBy },
      act.index,
    ),
  );
}

/** Product decision 8: orders stay at a venue only where a risk officer who did not ask for the stop has signed for them. */
function leftOrders({ index, entry }: StoredEntry, entries: readonly StoredEntry[]): Required[] {
  const asking = entries.filter((each) => each.entry.type === 'stop.requested' && each.entry.run === entry.run);
  const notBy = { people: asking.map((each) => each.entry.actor), why: 'is by somebody who has asked for the stop' };
  return named(
    entry.payload['approval'],
    { item: '4.3', what: 'orders that stay', roles: [['risk-officer']], notBy },
    index,
  );
}

/** Product decision 10: neither of the two has killed or repeated the kill; and three people have signed the post-mortem off. */
function recoveryOf({ index, entry }: StoredEntry, entries: readonly StoredEntry[]): Required[] {
  const { recovers } = entry.payload;
  const kills = entries.filter(
    (each) => each.index < index && /^kill\.(requested|reaffirmed|direct)$/.test(each.entry.type),
  );
  const notBy = {
    people: kills.map((kill) => kill.entry.actor),
    why: 'is by somebody who has killed or repeated the kill',
  };
  return [
    ...asked(entry.run, 'recovery', { item: '5.1.4', what: 'the recovery', roles: TRADER_AND_RISK, notBy }, index),
    ...asked(
      recovers,
      'post-mortem',
      {
        item: '5.1.4',
        what: 'the post-mortem',
        roles: [['sre'], ['execution-trader', 'quant'], ['risk-officer']],
      },
      index,
    ),
  ];
}
