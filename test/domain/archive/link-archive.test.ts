import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { archiveRun } from '../../../domain/archive/archive-run.ts';
import type { Archived } from '../../../domain/archive/extend-archive.ts';
import { linkArchive } from '../../../domain/archive/link-archive.ts';
import { RunId } from '../../../domain/ids.ts';
import type { TicketComment } from '../../../domain/ports/trackers.ts';
import { linkTicket } from '../../../domain/ticket/link-ticket.ts';
import { RUN, START, STRATEGY, trader } from '../../fakes/world.ts';
import { launchIn, type Traded, tradedRun } from './a-traded-run.ts';

describe('linkArchive', () => {
  let made: Traded;
  let archived: Archived;
  let comments: { ref: string; comment: TicketComment }[];
  beforeEach(async () => {
    made = await tradedRun();
    archived = await archiveRun(await launchIn(made), made.ports);
    comments = [];
  });
  const link = async (ticket: string | undefined, answer: { problem?: string } = {}) => {
    const comment = async (ref: string, written: TicketComment) => {
      comments.push({ ref, comment: written });
      return answer;
    };
    const { ticket: _none, ...run } = await launchIn(made);
    return linkArchive({ ...run, ...(ticket !== undefined && { ticket }) }, archived, {
      ...made.ports,
      trackers: { comment },
    });
  };
  const newest = (log: string) => JSON.parse(made.store.logs.get(log)?.at(-1)?.text ?? '{}');

  it('notes key and digest of the manifest at our own ticket, once', async () => {
    const first = await link('TP-1');
    const again = await link('TP-1');

    const ticket = await made.store.get('TICKET', 'TP-1');
    assert.deepEqual([first, again], [{ linked: true, summary: 'linked to TP-1' }, first]);
    assert.deepEqual(
      ticket?.links?.map(({ run, key, digest }) => [run, key, digest]),
      [[RUN, `${made.folder}MANIFEST.json`, archived.first]],
    );
    assert.deepEqual(
      [newest('desk').type, newest('desk').ticket, newest(STRATEGY).type],
      ['ticket.linked', 'TP-1', 'archive.linked'],
    );
  });

  it('keeps the archives of other runs at the same ticket', async () => {
    const ticket = await made.store.get('TICKET', 'TP-1');
    assert.ok(ticket);
    const other = { run: RunId.parse('launch-x'), key: 'k', digest: archived.first, at: '2026-11-24T12:00:00.000Z' };
    await made.store.put({ kind: 'TICKET', record: { ...ticket, links: [other] } });

    await link('TP-1');

    assert.deepEqual(
      (await made.store.get('TICKET', 'TP-1'))?.links?.map(({ run }) => run),
      ['launch-x', RUN],
    );
  });

  it('keeps the newest fifty at a ticket, each run once', async () => {
    let ticket = await made.store.get('TICKET', 'TP-1');
    for (const at of [...Array(52).keys(), 51]) {
      const link = { run: RunId.parse(`launch-${at}`), key: 'k', digest: archived.first, at: START.toISOString() };
      const [noted] = linkTicket(ticket, 'TP-1', link, trader.subject).records ?? [];
      assert.ok(noted?.kind === 'TICKET');
      ticket = noted.record;
    }

    const runs = ticket?.links?.map(({ run }) => run);
    assert.deepEqual(
      runs,
      Array.from({ length: 50 }, (_, at) => `launch-${at + 2}`),
    );
  });

  it('comments at GitHub, with what tells the comment from another', async () => {
    const { linked } = await link('github:desk/strategies#12');

    const [{ ref, comment } = assert.fail('nothing was written')] = comments;
    assert.deepEqual([linked, ref, comment.marker], [true, 'github:desk/strategies#12', archived.first]);
    assert.ok(comment.text.includes(archived.first) && comment.text.includes(`${made.folder}MANIFEST.json`));
  });

  it('records a ticket that cannot be written to, and fails nothing', async () => {
    const { linked, summary } = await link('github:desk/strategies#12', { problem: 'this token may not' });

    assert.deepEqual(
      [linked, newest(STRATEGY).type, newest(STRATEGY).payload.problem],
      [false, 'archive.not-linked', 'this token may not'],
    );
    assert.match(summary, /not linked to a ticket: this token may not/);
  });

  it('records a ticket that is not there', async () => {
    const { summary } = await link('OPS-404');

    assert.match(summary, /there is no ticket OPS-404/);
    assert.equal(newest('desk').type, 'ticket.link-lost');
  });

  it('records a run that names no ticket', async () => {
    assert.match((await link(undefined)).summary, /the run names no ticket/);
  });

  it('links at the next try what could not be written to before, and stands by that', async () => {
    const tries = [];
    for (const answer of [{ problem: 'down' }, {}, { problem: 'down again' }])
      tries.push((await link('github:desk/strategies#12', answer)).linked);

    assert.deepEqual(tries, [false, true, true]);
    assert.deepEqual(
      made.store.storyOf(STRATEGY).filter((type) => type.startsWith('archive.')),
      ['archive.not-linked', 'archive.linked'],
    );
  });
});
