import * as z from 'zod';

const PlainText = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(max), emoji: z.boolean().optional() });
const Mrkdwn = z.strictObject({
  type: z.literal('mrkdwn'),
  text: z.string().min(1).max(3000),
  verbatim: z.boolean().optional(),
});
const AnyText = z.discriminatedUnion('type', [PlainText(3000), Mrkdwn]);
const blockId = z.string().max(255).optional();

/** The blocks that messages of ours are made of (https://docs.slack.dev/reference/block-kit/blocks): an `actions` block, and so a button, is none of them. */
const Block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: PlainText(150), block_id: blockId }),
  z.strictObject({ type: z.literal('section'), text: AnyText, block_id: blockId }),
  z.strictObject({ type: z.literal('context'), elements: z.array(AnyText).min(1).max(10), block_id: blockId }),
]);

/** A message as Slack's documentation describes it, as far as we use it; what it does not describe is refused. */
export const SlackPayload = z.strictObject({
  text: z.string().min(1).max(40_000),
  blocks: z.array(Block).min(1).max(50),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
  link_names: z.boolean().optional(),
});
export type SlackPayload = z.infer<typeof SlackPayload>;

/** The texts of a message in their order, as people see them: entities are characters again, joiners that nobody sees are gone. */
export function shownBy({ blocks }: SlackPayload): string[] {
  const texts = blocks.flatMap((block) => (block.type === 'context' ? block.elements : [block.text]));
  return texts.map(({ text }) => decoded(text));
}

const decoded = (text: string): string =>
  text.replaceAll('\u2060', '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
