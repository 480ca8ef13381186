import * as z from 'zod';
import { eventually, mustBe } from './eventually.ts';
import type { Step } from './scenario.ts';
import type { World } from './world.ts';

const Verified = z.looseObject({ files: z.number(), manifests: z.number() });
/** Nothing of it is known before it has begun, and no findings before they are judged. */
const Review = z.looseObject({ status: z.string().optional(), findings: z.array(z.unknown()).optional() });
const Items = z.looseObject({ items: z.array(z.looseObject({ id: z.string(), status: z.string() })) });

const launchOf = (world: World): string => String(world.notes.get('launch'));

const review: Step = {
  name: 'the run is reviewed by itself',
  why: 'A machine gathers the evidence, verifies every second factor and signature from stored bytes, and writes summary.md. It stays open when it finds something.',
  look: () => 'npx tradepulse-cli review show <run>',
  async act(world) {
    const seen = await eventually(
      'the review of the run',
      async () =>
        Review.parse((await world.ending([0, 2], 'review', 'show', launchOf(world), '--as', 'auditor')).lines[0]),
      ({ status }) => status === 'closed',
      60_000,
    );
    return `${seen.status}, ${seen.findings?.length} findings`;
  },
};

const archive: Step = {
  name: 'its archive is verified',
  why: 'Orders, profit and loss, risk, histories: each file by its SHA-256 in a manifest, each manifest by its digest in the ledger. Written once, and locked.',
  look: () => 'npx tradepulse-cli archive verify <run>',
  async act(world) {
    const { lines } = await world.cli('archive', 'verify', launchOf(world), '--as', 'auditor');
    const { files, manifests } = Verified.parse(lines.at(-1));
    return `${files} files, ${manifests} manifests`;
  },
};

const checklist: Step = {
  name: "the runbook's checklist ticks itself",
  why: 'Every box of section 8 is computed from evidence: by hash, source and time. Nobody can tick one.',
  look: () => 'npx tradepulse-cli checklist <run>',
  async act(world) {
    const { lines } = await world.cli('checklist', launchOf(world), '--as', 'auditor');
    const { items } = Items.parse(lines[0]);
    const boxes = items.filter(({ id }) => /^8\.\d$/.test(id));
    mustBe('boxes that are not ticked', JSON.stringify(boxes.filter(({ status }) => status !== 'ticked')), '[]');
    return `${boxes.length} boxes ticked, ${items.filter(({ status }) => status === 'ticked').length} items in all`;
  },
};

/** What happens after a planned stop without anybody's doing (runbook 7 and 8). */
export const afterTheRunSteps: readonly Step[] = [review, archive, checklist];
