import * as z from 'zod';

/** One line: what a header is made of. */
const Line = z
  .string()
  .max(998)
  .regex(/^[^\r\n]*$/, 'holds the end of a line');
const Address = z.email().max(320);
const Part = (text: z.ZodString) => z.strictObject({ Data: text, Charset: z.literal('UTF-8').optional() });

/** A request of SES `SendEmail` (API version 2019-09-27) with simple content in plain text, as far as we use it; anything else is refused. */
export const SendEmail = z.strictObject({
  FromEmailAddress: Address,
  Destination: z.strictObject({ ToAddresses: z.array(Address).min(1).max(50) }),
  Content: z.strictObject({
    Simple: z.strictObject({
      Subject: Part(Line.min(1)),
      Body: z.strictObject({ Text: Part(z.string().min(1).max(10_000_000)) }),
      Headers: z
        .array(z.strictObject({ Name: z.string().regex(/^[!-9;-~]{1,126}$/), Value: Line.max(870) }))
        .max(15)
        .optional(),
    }),
  }),
  EmailTags: z
    .array(z.strictObject({ Name: z.string().regex(/^[\w-]{1,256}$/), Value: z.string().regex(/^[\w-]{1,256}$/) }))
    .max(50)
    .optional(),
});
export type SendEmail = z.infer<typeof SendEmail>;
