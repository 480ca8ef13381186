import type { Sent } from '../../../domain/ports/message-channels.ts';

/** Why an SMTP server did not take a mail: its reply code, or the library's word for why there was none. */
export type SmtpFailure = { readonly responseCode?: number | undefined; readonly code?: string | undefined };

/** No code of a reply, and yet final: what was asked for is wrong, and stays so. */
const FINAL = ['EAUTH', 'ENOAUTH', 'EENVELOPE', 'EMESSAGE', 'ETLS', 'ECONFIG'];

/** RFC 5321: 4yz is "not now", 5yz is "no". Silence is "not now". Replies are not repeated: servers write anything into them. */
export function judgeSmtpFailure({ responseCode, code = 'Error' }: SmtpFailure): Sent {
  const detail = `the mail server said no: ${responseCode ?? ''} ${code}`.replaceAll(/ {2,}/g, ' ');
  if (responseCode !== undefined) return { outcome: responseCode >= 500 ? 'failed' : 'retry', detail };
  if (FINAL.includes(code)) return { outcome: 'failed', detail };
  return { outcome: 'retry', detail: `the mail server gave no answer (${code})` };
}
