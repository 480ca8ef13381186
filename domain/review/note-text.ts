import * as z from 'zod';

/** Control characters but for line break and tab, marks that turn the direction of text, and what no renderer shows. */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** What people write: control characters stripped, lines kept, so many bytes of UTF-8 at most (more is refused, never cut), and something left of it. */
export const noteText = (mostBytes: number) =>
  z
    .string()
    .refine((text) => Buffer.byteLength(text) <= mostBytes, `more than ${mostBytes} bytes`)
    .transform((text) => text.replaceAll('\r\n', '\n').replace(INVISIBLE, '').trim())
    .refine((text) => text !== '', 'nothing is written');
