import type { Outgoing, Sent } from '../../../domain/ports/message-channels.ts';
import { cutTo, oneLine, plainText } from '../plain-text.ts';

/** A mail without its sender: who that is says the transport's configuration. */
export type Mail = {
  readonly to: readonly string[];
  /** One line. */
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
  /** That a machine wrote it, so that no machine answers (RFC 3834). */
  readonly headers: { readonly 'Auto-Submitted': 'auto-generated' };
  /** The channel it is sent for, in the characters that every transport takes in a tag. */
  readonly tag: string;
};

/** Carries a mail, until the signal. Never throws for what a server answers, or for silence. */
export type MailTransport = (mail: Mail, signal: AbortSignal) => Promise<Sent>;

const SUBJECT = 200;
const TEXT = 20_000;

/** A message as a mail in plain text: nothing in it becomes a header, an address or a link of ours. */
export function mailOf({ channel, subject, text, severity, audience, at }: Outgoing, to: readonly string[]): Mail {
  return {
    to,
    subject: cutTo(oneLine(subject), SUBJECT) || '-',
    text: `${cutTo(plainText(text), TEXT)}\n\n-- \n${severity} · for ${oneLine(audience.join(', '))} · ${at}\n`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    tag: channel.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 100) || '-',
  };
}
