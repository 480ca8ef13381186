import type { CliError } from '../cli-error.ts';
import type { Stream, Surroundings } from '../surroundings.ts';
import { harmless } from './harmless.ts';
import { MARKS, type Mark, type Paint, painter, stepLine } from './marks.ts';

export type Format = 'table' | 'jsonl';

/**
 * What a command says. As a table, results and steps are on stdout, so that `| tee deploy.log` keeps them; as jsonl, stdout
 * holds JSON objects and nothing else, and every word for people is on stderr.
 */
export type Output = {
  readonly format: Format;
  readonly paint: Paint;
  readonly live: boolean;
  readonly columns: number;
  /** One result: an object for machines, text for people. */
  result(object: unknown, text: string): void;
  /** One step of something that takes time. */
  step(mark: Mark, text: string, durationMs?: number | null, object?: unknown): void;
  /** Words for people only: what to do next, what is being waited for. */
  note(text: string): void;
  /** A line that is overwritten by the next one; nothing at all where the terminal cannot do that. */
  transient(text: string): void;
  failure(error: CliError): void;
};

/** Makes the output of one command. */
export function output(format: Format, surroundings: Pick<Surroundings, 'stdout' | 'stderr' | 'env'>): Output {
  const { stdout, stderr } = surroundings;
  const words = format === 'table' ? stdout : stderr;
  const paint = painter(hasColour(words, surroundings.env));
  let pending = false;
  const clear = () => {
    if (pending) stderr.write('\r\u001b[K');
    pending = false;
  };
  const line = (stream: Stream, text: string) => {
    clear();
    stream.write(`${format === 'jsonl' && stream === stdout ? text : harmless(text)}\n`);
  };
  return {
    format,
    paint,
    live: stdout.isTTY === true,
    columns: stdout.columns ?? 120,
    result: (object, text) => line(stdout, format === 'jsonl' ? JSON.stringify(object) : text),
    step(mark, text, durationMs, object) {
      if (format === 'jsonl' && object !== undefined) line(stdout, JSON.stringify(object));
      line(words, stepLine(paint, mark, text, durationMs));
    },
    note: (text) => line(words, text),
    transient(text) {
      if (!stderr.isTTY) return;
      clear();
      stderr.write(harmless(text));
      pending = true;
    },
    failure(error) {
      if (format === 'jsonl') line(stdout, JSON.stringify({ error: problemOf(error) }));
      const paintError = painter(hasColour(stderr, surroundings.env));
      line(stderr, `${paintError('failed', MARKS.failed)} ${error.message} ${paintError('dim', `[${error.code}]`)}`);
      if (error.next) line(stderr, `  next: ${error.next}`);
    },
  };
}

const problemOf = ({ code, message, next, facts, exitCode }: CliError) => ({ code, message, next, facts, exitCode });

const hasColour = (stream: Stream, env: Surroundings['env']) =>
  stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
