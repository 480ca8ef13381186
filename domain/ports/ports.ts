import type { TrustedKey } from '../manifest/trusted-key.ts';
import type { Engines } from './engine.ts';
import type { EventBus } from './event-bus.ts';
import type { EvidenceStore } from './evidence.ts';
import type { Executions } from './executions.ts';
import type { Flags } from './flags.ts';
import type { KillSpool } from './kill-spool.ts';
import type { ReadYaml } from './read-yaml.ts';
import type { Refusals } from './refusals.ts';
import type { ControlRecords, Ledger, Strategies } from './strategies.ts';
import type { Venues } from './venue.ts';
import type { DemoAuthenticators } from './webauthn.ts';

/** Everything outside that the domain reaches, time and randomness included. */
export type Ports = {
  readonly strategies: Strategies;
  readonly records: ControlRecords;
  readonly ledger: Ledger;
  readonly refusals: Refusals;
  readonly spool: KillSpool;
  readonly flags: Flags;
  readonly executions: Executions;
  readonly evidence: EvidenceStore;
  readonly engines: Engines;
  readonly venues: Venues;
  readonly bus: EventBus;
  /** Keys that this installation was given beside those of the deployed configuration; `keysTrustedFor` reads both. */
  readonly trustedManifestKeys: readonly TrustedKey[];
  /** Whether signatures by software authenticators carry anything. */
  readonly demoAuthenticators: DemoAuthenticators;
  /** The key set that the identity provider publishes, unread (RFC 7517); throws when it does not answer. */
  readonly issuerKeys: () => Promise<unknown>;
  /** Parses YAML 1.2 (and so JSON); nothing for text that is neither. Aliases are bounded. */
  readonly parseYaml: (text: string) => unknown;
  /** The same against a schema, with the line of every mistake: for what people have written. */
  readonly readYaml: ReadYaml;
  readonly now: () => Date;
  /** Waits a random moment that grows with the attempt, before deciding afresh. */
  readonly jitter: (attempt: number) => Promise<void>;
};
