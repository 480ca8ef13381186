/** One measurement; a list stands for several. */
export type Metric = {
  readonly name: string;
  readonly value: number | readonly number[];
  readonly unit: 'Count' | 'Milliseconds' | 'Percent' | 'None';
};

/** Where measurements go that people chart and alarm on (CloudWatch). Never a reason for anything to fail. */
export interface Metrics {
  /**
   * Keeps them until `flush`; what has the same dimensions and name adds up to one list of values. `facts` stand beside them in the log,
   * the newest of each: they are no metrics and cost none.
   */
  put(
    dimensions: Readonly<Record<string, string>>,
    metrics: readonly Metric[],
    facts?: Readonly<Record<string, string>>,
  ): void;
  /** Sends all that was put. Called once a minute. */
  flush(): void;
}
