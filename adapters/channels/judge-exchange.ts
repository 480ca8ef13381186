import type { Sent } from '../../domain/ports/message-channels.ts';
import type { Answer, Exchange } from './exchange.ts';

export type Provider = {
  readonly name: string;
  /** What a 2xx means: its body decides. */
  readonly taken: (answer: Answer) => Sent;
  /** Why not, in the provider's own words; undefined for anything that is better not repeated. */
  readonly reasonIn: (answer: Answer) => string | undefined;
};

/** Statuses below 500 that say "not now" rather than "no". */
const LATER = [408, 425, 429];

/**
 * What an exchange means for a message, the same for every provider. Refused by us: in vain until somebody changes the secret. Silence
 * and "not now": again later. Any other no is final.
 */
export function judgeExchange(exchange: Exchange, provider: Provider): Sent {
  if (!('problem' in exchange)) return judgeAnswer(exchange, provider);
  const outcome = exchange.problem === 'refused' ? 'failed' : 'retry';
  return { outcome, detail: `${provider.name}: ${exchange.detail}` };
}

function judgeAnswer(answer: Answer, { name, taken, reasonIn }: Provider): Sent {
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return taken(answer);
  if (status >= 300 && status < 400)
    return { outcome: 'failed', detail: `${name} answered ${status}; redirects are not followed` };
  const reason = reasonIn(answer);
  const detail = `${name} answered ${status}${reason === undefined ? '' : `: ${reason}`}`;
  if (status < 500 && !LATER.includes(status)) return { outcome: 'failed', detail };
  return { outcome: 'retry', detail, ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }) };
}

/** An answer that says neither yes nor no is no proof that anybody will read the message. */
export const unproven = (provider: string, { status }: Answer): Sent => ({
  outcome: 'retry',
  detail: `${provider} answered ${status}, but not as its documentation says`,
});
