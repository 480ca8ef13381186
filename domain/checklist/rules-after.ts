import { Digest } from '../ids.ts';
import { AUDIT } from '../review/review-files.ts';
import { runKey } from '../run-key.ts';
import { allOf, both, lacking, type Need } from './need.ts';
import { unlessTraded } from './occasions.ts';
import { asFiled, Filed, filed, type Judge, newest, recorded } from './recorded.ts';
import type { Rule } from './rule.ts';
import { everythingTold } from './rules-of-messages.ts';
import { stored } from './stored-artefacts.ts';

const REVIEW = 'read the review, and close it: tradepulse-cli review show <run>';
const ATTEST = 'say so in a signed statement: tradepulse-cli attest <run> 7.2 --statement <text>';

/** Every second factor and signature was there and verified, and the report of that audit is the file that was recorded. */
const audited: Need = (known) => {
  const wanted = { type: 'review.audited', says: nothingFailed };
  const proof = recorded(wanted)(known);
  const hash = Digest.safeParse(newest(known, wanted)?.entry.payload['report']).data;
  return both(
    proof,
    hash ? asFiled({ key: runKey(known.facts.run, AUDIT), hash }, known) : lacking('the audit names no report'),
  );
};

const nothingFailed: Judge = ({ payload: { checked, failed } }) =>
  failed === 0 ? undefined : `${failed} of ${checked} signatures and second factors did not verify`;

/** The archive is in the ledger, and its link stands in the ticket, by the digest of its first manifest. */
const linked: Need = (known) => {
  const first = known.course.entries.find(({ entry }) => entry.type === 'run.archived')?.entry.payload['manifest'];
  const isFirst: Judge = ({ payload }) =>
    payload['manifest'] === Filed.safeParse(first).data?.hash ? undefined : 'it links another archive';
  return recorded({ type: 'archive.linked', says: isFirst })(known);
};

/** Runbook 7: post-run activities. */
export const RULES_OF_REVIEW = {
  '7.1': { unless: unlessTraded, needs: filed({ type: 'review.summarised', at: 'summary' }), next: REVIEW },
  '7.2': {
    unless: unlessTraded,
    needs: () => lacking('nobody has said that the dashboards carry the thresholds that were changed'),
    attestedBy: ['sre', 'quant', 'risk-officer'],
    next: ATTEST,
  },
  '7.3': { unless: unlessTraded, needs: recorded({ type: 'review.issues-filed' }), next: REVIEW },
  '7.4': { unless: unlessTraded, needs: audited, next: REVIEW },
} as const satisfies Readonly<Record<string, Rule>>;

/** The deployed edition of the runbook was attested, and after this run had ended: it is reviewed after every live-trading exercise. */
const runbookAttested: Need = ({ facts: { runbook }, course }) => {
  if (!runbook) return lacking('nobody has attested the runbook');
  const { evidence, signedAt, isCurrent } = runbook;
  const wrong = isCurrent ? [] : ['another edition of the runbook was attested than the one that is deployed'];
  if (course.endedAt === undefined) wrong.push('the run has not ended: the runbook is attested after it');
  else if (signedAt < course.endedAt)
    wrong.push(`it was attested at ${signedAt}, before this run ended at ${course.endedAt}`);
  return { evidence, missing: wrong };
};

/** Runbook 8: the six boxes, and the duty to keep the runbook current. */
export const RULES_OF_BOXES = {
  '8.1': { of: ['1.1', '2.3'], next: 'see items 1.1 and 2.3' },
  '8.2': { of: ['1.2'], next: 'see item 1.2' },
  '8.3': { of: ['2.4'], next: 'see item 2.4' },
  '8.4': {
    of: ['6.1', '6.2', '6.3', '6.4'],
    needs: everythingTold,
    next: 'see what was told: tradepulse-cli comms ls',
  },
  '8.5': {
    unless: unlessTraded,
    of: ['4.5'],
    needs: allOf(stored, linked),
    next: 'look for what is named: tradepulse-cli archive verify <run>',
  },
  '8.6': { unless: unlessTraded, of: ['7.1', '7.3', '7.4'], needs: recorded({ type: 'review.closed' }), next: REVIEW },
  '8.upkeep': {
    needs: runbookAttested,
    next: 'read docs/runbook.md, then: tradepulse-cli attest runbook --statement <text>',
  },
} as const satisfies Readonly<Record<string, Rule>>;
