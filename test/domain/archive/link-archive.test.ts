import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { archiveRun } from '../../../domain/archive/archive-run.ts';
import type { Archived } from '../../../domain/archive/extend-archive.ts';
import { linkArchive } from '../../../domain/archive/link-archive.ts';
import { RunId } from '../../../domain/ids.ts';
import type { TicketComment } from '../../../domain/ports/trackers.ts';
import { RUN, STRATEGY } from '../../fakes/world.ts';
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

  it('takes the ticket of the change that was signed where the launch named none, else says that there is none', async () => {
    const none = await link(undefined);
    assert.match(none.summary, /the run names no ticket/);
    made = await tradedRun();
    const id = approvalId({ runId: RUN }, 'launch-confirmation');
    await made.store.put({ kind: 'APPROVAL', record: { id, document: { plan: { ticket: 'TP-1' } } } as never });

    assert.deepEqual(await link(undefined), { linked: true, summary: 'linked to TP-1' });
  });
});
