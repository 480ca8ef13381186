/** One JSON line for CloudWatch. Never an event, never a token. */
export const log = (line: Record<string, unknown>): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
