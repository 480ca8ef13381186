/** The label of a flag version: readers learn from it which version they hold. AppConfig wants a character that is no digit. */
export const versionLabel = (version: number): string => `v${version}`;

/** The version behind a label of ours; undefined for anybody else's. */
export function versionOf(label: string | undefined): number | undefined {
  const digits = /^v(\d+)$/.exec(label ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
