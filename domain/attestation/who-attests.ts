import type { Role } from '../approval/approval.ts';
import type { Caller } from '../approval/caller.ts';
import { RULES } from '../checklist/rules.ts';
import { ITEM_IDS, isItem } from '../checklist/runbook-items.ts';
import { Refusal } from '../refusal.ts';

/** Who attests that the runbook is current, and was followed. */
export const RUNBOOK_ATTESTED_BY: readonly Role[] = ['sre', 'risk-officer'];

/**
 * Who may state something about an item of the runbook. Refuses (InvalidRequest) what is no item, and an item that evidence ticks: nobody
 * ticks it by hand, whatever they sign.
 */
export function attestersOf(item: string): readonly Role[] | Refusal {
  const manual = ITEM_IDS.filter((id) => RULES[id].attestedBy);
  if (!isItem(item))
    return new Refusal(
      'InvalidRequest',
      `the runbook has no item ${item.slice(0, 20)}`,
      `name one of ${manual.join(', ')}`,
    );
  const roles = RULES[item].attestedBy;
  if (roles) return roles;
  return new Refusal(
    'InvalidRequest',
    `item ${item} is ticked by evidence alone: nobody ticks it by hand`,
    `see what is missing: tradepulse-cli checklist <run>; statements are for ${manual.join(', ')}`,
    { item },
  );
}

/** The role in which this person speaks: the one they name, or the first of theirs that may. Refuses WrongRole. */
export function roleOf({ roles }: Caller, allowed: readonly Role[], named: Role | undefined): Role | Refusal {
  const own = allowed.filter((role) => roles.includes(role));
  const role = named === undefined ? own[0] : own.find((each) => each === named);
  if (role) return role;
  const as = named === undefined ? '' : ` as ${named}`;
  return new Refusal(
    'WrongRole',
    `this is attested by ${allowed.join(' or ')}, and not by you${as}`,
    'ask somebody who holds the role',
    {
      yourRoles: roles,
      allowed,
    },
  );
}
