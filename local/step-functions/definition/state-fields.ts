const STEP = ['Type', 'Comment', 'QueryLanguage', 'Output', 'Assign', 'Next', 'End'];
const FALLIBLE = [...STEP, 'Retry', 'Catch'];

/** The fields each type of state may have (JSONata only). Anything else is refused. */
export const STATE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pass: STEP,
  Succeed: ['Type', 'Comment', 'QueryLanguage', 'Output'],
  Fail: ['Type', 'Comment', 'QueryLanguage', 'Error', 'Cause'],
  Wait: [...STEP, 'Seconds', 'Timestamp'],
  Choice: ['Type', 'Comment', 'QueryLanguage', 'Choices', 'Default', 'Output', 'Assign'],
  Task: [...FALLIBLE, 'Resource', 'Arguments', 'TimeoutSeconds', 'HeartbeatSeconds'],
  Parallel: [...FALLIBLE, 'Branches', 'Arguments'],
  Map: [
    ...FALLIBLE,
    'ItemProcessor',
    'Items',
    'ItemSelector',
    'MaxConcurrency',
    'ToleratedFailureCount',
    'ToleratedFailurePercentage',
  ],
};

/** Fields of the JSONPath language, named in the refusal so that the author knows what to use instead. */
export const JSONPATH_FIELDS: Readonly<Record<string, string>> = {
  InputPath: 'Arguments or Output',
  OutputPath: 'Output',
  ResultPath: 'Output',
  ResultSelector: 'Output',
  Parameters: 'Arguments',
  Result: 'Output',
  ItemsPath: 'Items',
  Iterator: 'ItemProcessor',
  Variable: 'Condition',
  TimeoutSecondsPath: 'TimeoutSeconds',
  HeartbeatSecondsPath: 'HeartbeatSeconds',
  SecondsPath: 'Seconds',
  TimestampPath: 'Timestamp',
  ErrorPath: 'Error',
  CausePath: 'Cause',
  MaxConcurrencyPath: 'MaxConcurrency',
};

export const CHOICE_FIELDS = ['Condition', 'Next', 'Output', 'Assign', 'Comment'];
export const RETRY_FIELDS = [
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
];
export const CATCH_FIELDS = ['ErrorEquals', 'Next', 'Output', 'Assign', 'Comment'];
export const MACHINE_FIELDS = ['StartAt', 'States', 'Comment', 'QueryLanguage', 'Version', 'TimeoutSeconds'];
export const BRANCH_FIELDS = ['StartAt', 'States', 'Comment', 'QueryLanguage'];
export const PROCESSOR_FIELDS = [...BRANCH_FIELDS, 'ProcessorConfig'];
