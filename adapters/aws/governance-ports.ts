import { KMSClient } from '@aws-sdk/client-kms';
import { alarmMetric } from './alarm-metric.ts';
import { environment } from './environment.ts';
import { kmsGovernanceKey } from './kms-governance-key.ts';
import { ports } from './ports.ts';

/** What a machine's steps have, with the key that signs changes of strategies. Who may sign with it, and who may only look, is a matter of grants. */
export const governancePorts = {
  ...ports,
  governance: kmsGovernanceKey(new KMSClient({}), environment.GOVERNANCE_KEY_ID),
  alarm: alarmMetric('StrategyChangeForged'),
};
