/** Joins two characters without being seen (U+2060): beside a character of markup it makes that an ordinary one. Facts hold none, so that nothing else is lost when they are taken out. */
const JOINER = '\u2060';

/**
 * Text for Slack's mrkdwn. The three characters that begin mentions, links and commands become entities, as Slack asks; what
 * it would still make of plain text (`*bold*`, `@here`, `#channel`, `:emoji:`, an address as a link) is broken by a joiner nobody sees.
 */
export const escapeSlack = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[*_~`]|&gt;/g, (mark) => `${JOINER}${mark}${JOINER}`)
    .replace(/[@#]|:(?=\/\/)|:(?=(?!\d\d:)[\w+'-]+:)/g, (mark) => `${mark}${JOINER}`);

/** A link that people may follow: an address that a rule of ours gives. */
export const slackLink = (url: string): string => `<${url.replaceAll('&', '&amp;')}>`;
