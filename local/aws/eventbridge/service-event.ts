/** An event as rules and targets see it, in the envelope of AWS. */
export type ServiceEvent = {
  readonly version: '0';
  readonly id: string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, whole seconds, as on AWS. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
};
