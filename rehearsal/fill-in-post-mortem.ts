const RULE = '| --- | --- | --- | --- | --- |';

/** A drafted post-mortem with every empty section written, and one corrective action, which blocks the recovery or does not. */
export const filledIn = (draft: string, blocking: 'yes' | 'no'): string =>
  draft
    .replace(/^## (Impact|Root cause|What went well)$/gm, '## $1\n\nWhat there is to say.')
    .replace(RULE, `${RULE}\n| check quotes | desk | 2030-12-31 | ${blocking} | |`);
