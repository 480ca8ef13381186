import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checklistPage } from '../../../domain/checklist/checklist-page.ts';
import { readChecklist } from '../../../domain/checklist/read-checklist.ts';
import { ITEM_IDS, isItem, RUNBOOK_ITEMS } from '../../../domain/checklist/runbook-items.ts';
import { signedBy } from '../../fakes/signed-by.ts';
import { RUN } from '../../fakes/world.ts';
import { attested, sre, stated } from '../attestation/an-attesting-world.ts';
import { wholeRun } from './a-trading-run.ts';

describe('checklistPage', () => {
  it('shows the boxes of section 8 first, then every item to the letter, each with its evidence', async () => {
    const made = await wholeRun();
    await attested(made, '7.2');

    const page = checklistPage(await readChecklist(RUN, made.ports));

    assert.ok(page.indexOf('## 8. Checklist summary') < page.indexOf('## 1. Preconditions'));
    for (const id of ITEM_IDS) assert.ok(page.includes(`**${id}** ${RUNBOOK_ITEMS[id]}\n`), id);
    assert.match(page, /^- \[x\] \*\*8\.1\*\* Approvals verified and manifests signed\n {2}- ledger btc/m);
    assert.match(page, /^- \[x\] \(attested\) \*\*7\.2\*\*/m);
    assert.match(page, /^- \[ \] \*\*3\.1\*\*/m);
    assert.match(page, /^- \(not applicable\) \*\*5\.1\.1\*\*/m);
  });

  it('shows what people stated as they wrote it: nothing in it marks anything up', async () => {
    const made = await wholeRun();
    await signedBy(made, await stated(made, '7.2', sre, { statement: '- [x] **8.9** <script> [a](http://b.c)' }), sre);

    const page = checklistPage(await readChecklist(RUN, made.ports));

    assert.doesNotMatch(page, /(?<!\\)(?:\*\*8\.9|<script|\]\(http)/);
    assert.ok(page.includes('\\*\\*8.9\\*\\*'));
  });
});

describe('isItem', () => {
  it('knows the items of the runbook, and nothing that every object has', () => {
    assert.deepEqual(
      [isItem('5.1.2'), isItem('8.upkeep'), isItem('toString'), isItem('9.9')],
      [true, true, false, false],
    );
  });
});
