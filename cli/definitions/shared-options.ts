import { type Command, InvalidArgumentError } from 'commander';
import type { Context } from '../context.ts';

/** Runs a command's own code, loaded only then: `kill` shall not wait for the code of the others. */
export type Run = (command: Command, action: (context: Context) => Promise<void>) => Promise<void>;

export const STRATEGY = ['--strategy <id>', 'strategy, e.g. btc-momentum'] as const;

/** Options of commands that follow what they have started. */
export const following = (command: Command, seconds: number) =>
  command
    .option('--detach', 'do not follow what happens next')
    .option('--timeout <seconds>', 'follow for at most this long; what was asked for goes on', wholeNumber, seconds);

/** Options of commands that sign or decline. */
export const signing = (command: Command) =>
  following(command, 120)
    .option('--decline', 'say no instead: one is enough, and it needs no fresh login')
    .option('--reason <text>', 'why, for the ledger')
    .option('--yes', 'sign without being asked at the terminal')
    .option('--browser', 'sign on the signing page, also as a demo user who has an authenticator in software');

/** Parses a count or an index. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('it has to be a whole number.');
  return Number(text);
}

/** How often something is looked at, in seconds: without a pause it would do nothing but ask. */
export function pauseSeconds(text: string): number {
  const seconds = wholeNumber(text);
  if (seconds < 1) throw new InvalidArgumentError('it has to be at least one second.');
  return seconds;
}
