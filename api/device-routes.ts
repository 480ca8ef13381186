import type { Context, Hono } from 'hono';
import { type Role, Role as Roles } from '../domain/approval/approval.ts';
import type { Caller } from '../domain/approval/caller.ts';
import { LogId } from '../domain/ledger/ledger-entry.ts';
import type { Ports } from '../domain/ports/ports.ts';
import type { LogDecision } from '../domain/ports/strategies.ts';
import { Refusal } from '../domain/refusal.ts';
import type { DeviceKey } from '../domain/signature/credential.ts';
import {
  approveDevice,
  DeviceProposal,
  deviceId,
  enrolDevice,
  MAY_OWN_DEVICES,
  revokeDevice,
} from '../domain/signature/device-enrolment.ts';
import { handle, type RequestPorts } from './control-api.ts';
import { readBody } from './read-body.ts';

export type DevicePorts = RequestPorts & {
  readonly records: Pick<Ports['records'], 'get'>;
  readonly ledger: Pick<Ports['ledger'], 'commitTo'>;
  /** Ships a key as it stands now to where the kill path finds it without the store. */
  readonly shipDeviceKey: (key: DeviceKey) => Promise<void>;
};

const DESK = LogId.parse('desk');
const MAY_APPROVE: readonly Role[] = ['risk-officer', 'sre'];
const operate = (roles: readonly Role[], action: string) => ({ scope: 'control-plane/operate', roles, action });

type Decide = (
  known: DeviceKey | undefined,
  name: string,
  act: { caller: Caller; now: Date },
) => ReturnType<typeof approveDevice>;

/** The keys of machines and buttons that may kill: enrolled by their owner, approved by another person, revoked by either (docs/device-kill.md). */
export function deviceRoutes(app: Hono, ports: DevicePorts): void {
  app.post('/v1/devices', (context) =>
    handle(context, ports, operate(MAY_OWN_DEVICES, 'enrolling a device'), async (caller) => {
      const proposal = await readBody(context.req.raw, DeviceProposal);
      return decided(context, proposal.name, { caller, ports }, (known, _name, act) =>
        enrolDevice(known, proposal, act),
      );
    }),
  );
  app.post('/v1/devices/:name/approval', (context) =>
    handle(context, ports, operate(MAY_APPROVE, 'approving a device'), (caller) =>
      decided(context, nameIn(context), { caller, ports }, approveDevice),
    ),
  );
  app.post('/v1/devices/:name/revocation', (context) =>
    handle(context, ports, operate(Roles.options, 'revoking a device'), (caller) =>
      decided(context, nameIn(context), { caller, ports }, ownOrGuarded),
    ),
  );
}

const nameIn = ({ req }: Context): string => req.param('name') ?? '';

/** One's own device, or any as risk officer or site reliability engineer. */
const ownOrGuarded: Decide = (known, name, act) => {
  const { subject, roles } = act.caller;
  const own = known && [known.subject, known.enrolledBy].includes(subject);
  if (!known || own || roles.some((role) => MAY_APPROVE.includes(role))) return revokeDevice(known, name, act);
  return new Refusal('WrongRole', `${known.id} is not yours`, `ask its owner, or a ${MAY_APPROVE.join(' or ')}`, {
    yourRoles: roles,
  });
};

/** Decides on the key as it stands, and ships what became of it. Repeating a command changes nothing and ships again. */
async function decided(
  context: Context,
  name: string,
  { caller, ports }: { caller: Caller; ports: DevicePorts },
  decide: Decide,
): Promise<Response> {
  const now = ports.now();
  const decideAfresh = async (): Promise<LogDecision<DeviceKey>> => {
    const found = await ports.records.get('CREDENTIAL', deviceId(name));
    const decision = decide(found?.type === 'device-key' ? found : undefined, name, { caller, now });
    if (decision instanceof Refusal) throw decision;
    return decision;
  };
  const { reply, receipt } = await ports.ledger.commitTo(DESK, decideAfresh, now);
  if (reply.status !== 'proposed') await ports.shipDeviceKey(reply);
  const summary = {
    proposed: 'enrolled; another person approves it',
    active: 'active: it may kill',
    revoked: 'revoked',
  };
  return context.json({ device: reply, summary: `${reply.id} is ${summary[reply.status]}`, receipt }, 200);
}
