import { Digest, type RunId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import { readActions, type WrittenAction } from './read-actions.ts';
import { ACTIONS, SECTIONS, type SectionTitle, titleOf } from './sections.ts';

/** As many bytes of UTF-8 as a post-mortem may have. */
export const MOST_BYTES = 49_152;
const MOST_SHOWN = 5;

/** Something wrong with a file: where (lines count from 1), and why. */
export type Mistake = { readonly line: number; readonly reason: string };
/** A line of the file with its number. */
export type Line = { readonly number: number; readonly text: string };
export type WrittenPostMortem = { readonly certificate: Digest; readonly actions: readonly WrittenAction[] };

type Section = { readonly title: string; readonly line: number; readonly lines: readonly Line[] };

/**
 * Reads the post-mortem of that kill (Markdown). Refuses with PostMortemInvalid what is too large, names another run, or is
 * not whole: a section that is missing, there twice or empty, an action that is not well formed. Every mistake is named with its line.
 */
export function readPostMortem(text: string, run: RunId): WrittenPostMortem | Refusal {
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) return refused([{ line: 1, reason: `the file has ${bytes} bytes, more than ${MOST_BYTES}` }]);
  const lines = withoutComments(text)
    .split(/\r?\n/)
    .map((each, index): Line => ({ number: index + 1, text: each }));
  const sections = sectionsIn(lines);
  const certificate = Digest.safeParse(/sha256:[0-9a-f]{64}/.exec(textOf(sections, 'Kill certificate'))?.[0]).data;
  const { actions, mistakes } = readActions(linesOf(sections, ACTIONS));
  const all = [
    ...titleMistakes(lines, run),
    ...sectionMistakes(sections),
    ...certificateMistakes(sections),
    ...mistakes,
  ];
  if (all.length > 0 || !certificate) return refused(all);
  return { certificate, actions };
}

/** Comments count as nothing; their line breaks stay, so that lines keep their numbers. */
const withoutComments = (text: string): string =>
  text.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ''));

/** The parts that begin with `## `; what stands between code fences is no heading. */
function sectionsIn(lines: readonly Line[]): Section[] {
  const sections: { title: string; line: number; lines: Line[] }[] = [];
  let fenced = false;
  for (const line of lines) {
    if (/^\s*(```|~~~)/.test(line.text)) fenced = !fenced;
    const [, title] = (!fenced && /^## +(.+?)\s*$/.exec(line.text)) || [];
    if (title === undefined) sections.at(-1)?.lines.push(line);
    else sections.push({ title, line: line.number, lines: [] });
  }
  return sections;
}

const linesOf = (sections: readonly Section[], title: SectionTitle): readonly Line[] =>
  sections.find((each) => each.title === title)?.lines ?? [];

const textOf = (sections: readonly Section[], title: SectionTitle): string =>
  linesOf(sections, title)
    .map(({ text }) => text)
    .join('\n')
    .trim();

function titleMistakes([first]: readonly Line[], run: RunId): Mistake[] {
  const title = titleOf(run);
  return first?.text.trim() === title ? [] : [{ line: 1, reason: `the first line has to be "${title}"` }];
}

/** What the file must not leave empty: everything but the sign-offs, which are given elsewhere. */
function sectionMistakes(sections: readonly Section[]): Mistake[] {
  return SECTIONS.flatMap(({ title }): Mistake[] => {
    const [section, twice] = sections.filter((each) => each.title === title);
    if (!section) return [{ line: 1, reason: `the section "${title}" is missing` }];
    if (twice) return [{ line: twice.line, reason: `the section "${title}" is there twice` }];
    if (title === 'Sign-offs' || textOf(sections, title) !== '') return [];
    return [{ line: section.line, reason: `the section "${title}" is empty` }];
  });
}

function certificateMistakes(sections: readonly Section[]): Mistake[] {
  const text = textOf(sections, 'Kill certificate');
  if (text === '' || /sha256:[0-9a-f]{64}/.test(text)) return [];
  const reason = 'the section "Kill certificate" names no digest: sha256: and 64 lower-case hex digits';
  return linesOf(sections, 'Kill certificate')
    .filter((line) => line.text.trim() !== '')
    .slice(0, 1)
    .map(({ number: line }) => ({ line, reason }));
}

function refused(found: readonly Mistake[]): Refusal {
  const mistakes = found.toSorted((left, right) => left.line - right.line);
  const shown = mistakes.slice(0, MOST_SHOWN).map(({ line, reason }) => `line ${line}: ${reason}`);
  const more = mistakes.length > MOST_SHOWN ? `; and ${mistakes.length - MOST_SHOWN} more` : '';
  return new Refusal('PostMortemInvalid', `${shown.join('; ')}${more}`, 'mend what is named, then submit it again', {
    mistakes,
  });
}
