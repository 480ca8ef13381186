/** Files of a review, in the folder of the run that is reviewed (product decision 17): each is written once. */
export const FACTS = 'review/facts.json';
export const AUDIT = 'review/audit.json';
export const SUMMARY = 'summary.md';
/** Fragments: `annotations/<n>.json`, and one issue for each finding: `retrospective/<n>-<code>.md`. */
export const ANNOTATIONS = 'annotations';
export const RETROSPECTIVE = 'retrospective';
