import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Secret } from 'otpauth';
import * as z from 'zod';
import { DemoUser } from './demo-user.ts';
import { keepFile } from './keep-file.ts';

/** Who exists locally, and in which role. Two traders and two risk officers: whoever killed does not sign the recovery, so somebody else has to. */
const GROUPS = {
  trader: 'execution-trader',
  trader2: 'execution-trader',
  risk: 'risk-officer',
  risk2: 'risk-officer',
  quant: 'quant',
  sre: 'sre',
  auditor: 'auditor',
} as const;

/** The demo users of this installation, from `demo-users.json` (0600); made with secrets of its own at the first start. */
export function demoUsers(dataPath: string): Promise<DemoUser[]> {
  return keepFile(join(dataPath, 'demo-users.json'), z.array(DemoUser), async () =>
    Object.entries(GROUPS).map(([name, group]) => ({
      name,
      password: randomBytes(18).toString('base64url'),
      totpSecret: new Secret({ size: 20 }).base32,
      subject: `sub-${randomBytes(12).toString('hex')}`,
      groups: [group],
    })),
  );
}
