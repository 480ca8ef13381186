import type { KnownBlock, PlainTextElement } from '@slack/types';
import { escapeSlack } from '../../../domain/communications/escape-slack.ts';
import type { Outgoing } from '../../../domain/ports/message-channels.ts';
import { linesOf, oneLine } from '../plain-text.ts';

/** Limits of Block Kit: characters of a header and of a text, blocks of a message (two of them are ours). */
const HEADER = 150;
const TEXT = 3000;
const SECTIONS = 48;

export type SlackMessage = {
  readonly text: string;
  readonly blocks: KnownBlock[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
  readonly link_names: false;
};

/**
 * A message in Block Kit: the subject as its header, the text in sections, and below them how urgent it is, for whom, and when (UTC).
 * The text comes as markup, as the domain has rendered it; of that only its https links are let through, so that nothing calls
 * anybody even if it was not escaped. No button approves anything.
 */
export function slackMessage({ subject, text, severity, audience, at, strategyId }: Outgoing): SlackMessage {
  const facts = [severity.toUpperCase(), `for ${audience.join(', ')}`, utc(at), ...(strategyId ? [strategyId] : [])];
  return {
    text: first(escapeSlack(oneLine(subject)), TEXT),
    blocks: [
      { type: 'header', text: plain(subject, HEADER) },
      ...sectionsOf(belowHeader(subject, text)).map(
        (section): KnownBlock => ({
          type: 'section',
          text: { type: 'mrkdwn', text: section, verbatim: true },
        }),
      ),
      { type: 'context', elements: [plain(facts.join(' · '), TEXT)] },
    ],
    unfurl_links: false,
    unfurl_media: false,
    link_names: false,
  };
}

const plain = (text: string, size: number): PlainTextElement => ({
  type: 'plain_text',
  text: first(entities(oneLine(text)), size),
  emoji: false,
});

const utc = (at: string): string => `${at.slice(0, 19).replace('T', ' ')} UTC`;

/** A text that begins with its subject, as the domain's do, says it once: in the header, unless it is cut there. */
function belowHeader(subject: string, text: string): string {
  const title = escapeSlack(oneLine(subject));
  const isWhole = entities(oneLine(subject)).length < HEADER;
  return isWhole && `${text}\n`.startsWith(`${title}\n`) ? text.slice(title.length) : text;
}

/** What must not be cut: a link, what stands for a character, a character. */
const TOKENS = /<https:\/\/[^\s<>|]+>|&(?:amp|lt|gt);|[\s\S]/gu;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const entities = (text: string): string => text.replaceAll(/[&<>]/g, (each) => ESCAPES[each] ?? '');

/** Escaped text in pieces of at most `size` characters. What is escaped already stays as it is. */
function pieces(text: string, size: number): string[] {
  const all = [''];
  for (const [token] of text.matchAll(TOKENS)) {
    const next = ESCAPES[token] ?? token;
    const last = all.at(-1) ?? '';
    if (last.length + next.length > size) all.push(next);
    else all[all.length - 1] = last + next;
  }
  return all;
}

/** A blank text is no text for Slack. */
function sectionsOf(text: string): string[] {
  if (text === '') return [];
  const all = pieces(linesOf(text), TEXT - 1);
  const shown = all.slice(0, SECTIONS).map((each) => (each.trim() === '' ? '-' : each));
  return all.length > SECTIONS ? [...shown.slice(0, -1), `${shown.at(-1)}…`] : shown;
}

function first(text: string, size: number): string {
  const [piece = '', ...rest] = pieces(text, size - 1);
  return rest.length > 0 ? `${piece}…` : piece || '-';
}
