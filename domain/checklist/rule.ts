import type { Role } from '../approval/approval.ts';
import type { Known, Need } from './need.ts';
import type { ItemId } from './runbook-items.ts';

/** How one item is judged. An item has evidence of its own (`needs`), rests on others (`of`), or both. */
export type Rule = {
  /** Why the item had no occasion in this run; nothing when it had one. */
  readonly unless?: (known: Known) => string | undefined;
  readonly needs?: Need;
  /** Items that have to be ticked or attested themselves; those that do not apply are passed by. */
  readonly of?: readonly ItemId[];
  /** Who may attest it by a signed statement, where no machine can see it. */
  readonly attestedBy?: readonly Role[];
  /** What a person does about it while it is open. */
  readonly next: string;
};
