import { EXIT_CODES, type ExitName } from './exit-codes.ts';

export type CliErrorDetails = {
  readonly code?: string | undefined;
  readonly facts?: Record<string, unknown> | undefined;
  readonly cause?: unknown;
  readonly transient?: boolean;
};

/** Why a command ended badly: what happened, why, and what to do next, with the exit code and facts for `--output jsonl`. */
export class CliError extends Error {
  readonly exit: ExitName;
  readonly code: string;
  readonly next: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** True when the very same request may succeed a moment later. */
  readonly transient: boolean;

  constructor(
    exit: ExitName,
    message: string,
    next: string,
    { code, facts, cause, transient = false }: CliErrorDetails = {},
  ) {
    super(message, { cause });
    this.name = 'CliError';
    this.exit = exit;
    this.code = code ?? exit;
    this.next = next;
    this.facts = facts ?? {};
    this.transient = transient;
  }

  get exitCode(): number {
    return EXIT_CODES[this.exit][0];
  }
}
