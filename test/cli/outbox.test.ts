import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runCommand } from './run-command.ts';

describe('outbox', () => {
  let data = '';
  const line = (at: string, channel: string, subject: string) =>
    `${JSON.stringify({ at, channel, via: 'slack', subject, text: `${subject}\nmore`, sent: {} })}\n`;
  const shown = (...args: string[]) => runCommand(['outbox', '--data', data, ...args]);

  before(async () => {
    data = await mkdtemp(join(tmpdir(), 'tradepulse-outbox-'));
    await mkdir(join(data, 'outbox'));
    const risk = `${line('2026-11-26T10:00:02Z', '#risk', 'second')}{"at":"2026-11-26T10:0`;
    await writeFile(join(data, 'outbox', 'risk.jsonl'), risk);
    await writeFile(
      join(data, 'outbox', 'incidents.jsonl'),
      line('2026-11-26T10:00:01Z', '#incidents', 'first \u001b[2J'),
    );
  });
  after(() => rm(data, { recursive: true }));

  it('shows what was sent over all channels, oldest first, and leaves out a line that a crash has cut short', async () => {
    const { code, stdout } = await shown();

    assert.equal(code, 0);
    assert.match(stdout, /#incidents \(slack\)\n {2}first .*\n {2}more\n\n.*#risk \(slack\)\n {2}second\n/s);
    assert.ok(!stdout.includes('\u001b[2J'), 'what somebody wrote does not redraw the screen');
  });

  it('shows one channel', async () => {
    const { lines } = await shown('--channel', '#risk', '--output', 'jsonl');

    assert.deepEqual(
      (lines as { subject: string }[]).map(({ subject }) => subject),
      ['second'],
    );
    assert.match((await shown('--channel', '#none')).stdout, /nothing was sent over #none yet/);
  });

  it('is empty before anything was sent', async () => {
    const { code, stdout } = await runCommand(['outbox', '--data', join(data, 'elsewhere')]);

    assert.deepEqual([code, stdout.trim()], [0, 'nothing was sent yet']);
  });
});
