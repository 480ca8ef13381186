import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { inTurn } from '../aws/in-turn.ts';

/** A message as its provider got it. Nothing secret is in it. */
export type OutboxLine = {
  /** When it arrived. */
  readonly at: string;
  readonly channel: string;
  readonly via: 'slack' | 'pagerduty' | 'email';
  readonly subject: string;
  /** All that people see of it, its subject included where that is not apart. */
  readonly text: string;
  /** What else the provider was told, as it was told. */
  readonly sent: Readonly<Record<string, unknown>>;
};

export type Outbox = {
  /** Returns when the line is on the disk. */
  append(line: OutboxLine): Promise<void>;
};

/** The file of a channel: `#trading-ops` is in `trading-ops.jsonl`. */
export const outboxFile = (channel: string): string =>
  `${channel.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '') || 'channel'}.jsonl`;

/** Where all channels of this machine end: one file of JSON lines for each, which only grows. */
export function openOutbox(folder: string): Outbox {
  const turn = inTurn();
  return {
    append: (line) => turn(line.channel, () => appendDurably(folder, outboxFile(line.channel), JSON.stringify(line))),
  };
}

/** A line that a crash has cut short ends where the next one begins: readers leave it out. */
async function appendDurably(folder: string, name: string, line: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = await open(join(folder, name), 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(size - 1, 0));
    const isTorn = size > 0 && buffer.toString() !== '\n';
    await file.appendFile(`${isTorn ? '\n' : ''}${line}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}
