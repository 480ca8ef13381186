import * as z from 'zod';
import type { Role } from '../approval/approval.ts';

/** Who signs a post-mortem off, and in which role of the identity provider: three different people. */
export const SIGN_OFFS = {
  'incident-commander': ['sre'],
  'service-owner': ['execution-trader', 'quant'],
  risk: ['risk-officer'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export const ServiceOwner = z.enum(SIGN_OFFS['service-owner']);
export type ServiceOwner = z.infer<typeof ServiceOwner>;

/** The roles whose sign-off a post-mortem needs. */
export const signOffRoles = (serviceOwner: Role): Role[] => [
  ...SIGN_OFFS['incident-commander'],
  serviceOwner,
  ...SIGN_OFFS.risk,
];
