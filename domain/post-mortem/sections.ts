/** What a post-mortem has to say, in this order; the hint stands in the draft until somebody writes there. */
export const SECTIONS = [
  { title: 'Timeline', hint: 'Drafted from the ledger. Add what it cannot know: who noticed what, and when.' },
  { title: 'Kill certificate', hint: 'The digest of the certificate: sha256: and 64 digits.' },
  { title: 'Exposure', hint: 'What was held at the kill and afterwards, and what became of it.' },
  { title: 'Impact', hint: 'Whom it concerned and what it cost: money, orders, time, obligations.' },
  { title: 'Root cause', hint: 'Why it could happen, not who was there.' },
  { title: 'What went well', hint: 'What kept it from being worse, and should be kept.' },
  {
    title: 'Corrective actions',
    hint: 'One row each. Due: 2026-12-31. Blocking: yes or no; one that blocks is done before anything recovers. Evidence: empty until it is done.',
  },
  { title: 'Sign-offs', hint: 'Given with the command line, never in this file.' },
] as const;

export type SectionTitle = (typeof SECTIONS)[number]['title'];

export const ACTIONS: SectionTitle = 'Corrective actions';
export const ACTION_COLUMNS = ['action', 'owner', 'due', 'blocking', 'evidence'] as const;

/** The first line of the file. */
export const titleOf = (run: string): string => `# Post-mortem: ${run}`;
