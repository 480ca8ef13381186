export type HostOptions = {
  /** The repository: `engine-sim` is below it, and `cdk.out` unless `template` says otherwise. */
  readonly root: string;
  /** Where another `cdk synth` has written, e.g. for other strategies. */
  readonly template?: string | undefined;
  /** The data folder, `.tradepulse` unless somebody chose another. */
  readonly dataPath: string;
  /** Port of everything a person or an engine calls; 0 for any free one. The simulated engine and venues take the next two. */
  readonly port: number;
  /** Empties the data folder first. */
  readonly fresh?: boolean;
  /** False: no simulated engine and venues are started. */
  readonly simulate?: boolean;
  /** A DynamoDB-compatible server somebody else runs (TRADEPULSE_DYNAMODB_ENDPOINT). */
  readonly dynamoDbEndpoint?: string | undefined;
  readonly now?: () => Date;
  /** Told of what needs a person's attention; it is in `host.log` too. */
  readonly onProblem?: (what: string) => void;
};

export const region = 'us-east-1';
export const account = '000000000000';
export const stackName = 'TradePulse';

/** Where messages may go from here: to the sinks of this machine, and to the providers for whoever puts a webhook of theirs into the secret. */
export const messageHosts = (port: number): string =>
  `127.0.0.1:${port},hooks.slack.com,slack.com,events.pagerduty.com,events.eu.pagerduty.com`;
/** Nobody: mail from here ends in the outbox. */
export const MAIL_FROM = 'tradepulse@example.com';

/** The site that people sign for here. An address of numbers is refused by WebAuthn, so people sign at the name of this machine. */
export const RELYING_PARTY = 'localhost';
export const signingOrigin = (port: number): string => `http://${RELYING_PARTY}:${port}`;
