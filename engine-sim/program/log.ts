/** One JSON line to stderr per event worth knowing. Stdout belongs to the ready line. */
export type Log = (event: string, facts?: Readonly<Record<string, unknown>>) => void;

export const logTo =
  (stream: { write(text: string): unknown }, program: string, now: () => Date): Log =>
  (event, facts = {}) => {
    stream.write(`${JSON.stringify({ at: now().toISOString(), program, event, ...facts })}\n`);
  };
