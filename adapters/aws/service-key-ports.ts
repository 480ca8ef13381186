import { KMSClient } from '@aws-sdk/client-kms';
import { environment } from './environment.ts';
import { kmsGovernanceKey } from './kms-governance-key.ts';
import { ports } from './ports.ts';

/** What a step takes that may kill by itself: all that steps take, and the service key, which signs such a kill. */
export const serviceKeyPorts = {
  ...ports,
  governance: kmsGovernanceKey(new KMSClient({}), environment.GOVERNANCE_KEY_ID),
};
