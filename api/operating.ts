import type { Role } from '../domain/approval/approval.ts';
import type { Permission } from './control-api.ts';

/** Changing something: the scope that the gateway asks for, and who may. */
export const operating = (roles: readonly Role[], action: string): Permission => ({
  scope: 'control-plane/operate',
  roles,
  action,
});
