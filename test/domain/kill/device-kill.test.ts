import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSignature } from '../../../adapters/http-signature/read-signature.ts';
import { ActorId } from '../../../domain/ids.ts';
import { type DeviceKillBody, deviceKill, proveDevice } from '../../../domain/kill/device-kill.ts';
import { drainSpool } from '../../../domain/kill/drain-spool.ts';
import { killCovered } from '../../../domain/kill/kill-covered.ts';
import { Scope } from '../../../domain/kill/scope-latch.ts';
import type { DeviceKey } from '../../../domain/signature/credential.ts';
import { type DeviceProof, MOST_BODY_BYTES } from '../../../domain/signature/device-proof.ts';
import { DEVICE_KILLS, device, type Otherwise } from '../../fakes/device.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { REGISTRATION, START, STRATEGY, stateOf, type World, world } from '../../fakes/world.ts';

type Entry = { type: string; actor: string; payload: Record<string, unknown>; proofs: DeviceProof[] };

/** One device in front of one strategy. */
function pressed(over: Partial<DeviceKey> = {}) {
  const made = world();
  const laptop = device('laptop', over);
  const taken = new Set<string>();
  const ports = {
    ...made.ports,
    ...killPorts(made),
    registrations: async () => [REGISTRATION],
    deviceKeyOf: async (id: string) => (id === laptop.id ? laptop.key : undefined),
    takeNonce: async (id: string) => taken.size < taken.add(id).size,
  };
  const signedAs = async (body: DeviceKillBody, otherwise: Otherwise = {}, by = laptop) => {
    const text = JSON.stringify(body);
    const request = { method: 'POST', targetUris: [DEVICE_KILLS], body: new TextEncoder().encode(text) };
    return readSignature({ ...request, headers: new Headers(await by.signed(text, otherwise)) });
  };
  const kill = async (body: DeviceKillBody, otherwise: Otherwise = {}) =>
    deviceKill(await proveDevice(await signedAs(body, otherwise), ports), { body, commandId: 'k' }, ports);
  return { made, laptop, ports, kill, signedAs };
}
const entriesOf = ({ store }: World, log: string = STRATEGY) =>
  (store.logs.get(log) ?? []).map(({ text }) => JSON.parse(text) as Entry);

describe('a kill by a device', () => {
  it('is the kill of its owner, with the signature in the entry, the latch and the run', async () => {
    const { made, laptop, kill } = pressed();

    await kill({ strategy: STRATEGY, reason: 'loss' });

    const [
      {
        actor,
        proofs: [proof],
      } = entriesOf(made)[0]!,
    ] = entriesOf(made);
    assert.deepEqual(
      [actor, proof?.method, proof?.keyid, proof?.created],
      ['sub-trader', 'device-key', laptop.id, START.getTime() / 1000],
    );
    assert.equal(stateOf(made).latch?.initiatorProof, 'device-key');
  });

  it('keeps its signature through the unconditional write', async () => {
    const { made, kill } = pressed();
    made.store.commit = () => Promise.reject(new Error('no transactions'));

    await kill({ strategy: STRATEGY });

    const { latch, pendingEntries } = stateOf(made);
    assert.deepEqual([latch?.initiatorProof, pendingEntries[0]?.proofs?.length], ['device-key', 1]);
  });

  it('keeps its signature and its report through the spool', async () => {
    const { made, kill } = pressed();
    const { store } = made;
    const [read, latch] = [store.read.bind(store), store.latchUnconditionally.bind(store)];
    store.read = () => Promise.reject(new Error('down'));
    store.latchUnconditionally = () => Promise.reject(new Error('down'));
    const direct = { decidedAt: START.toISOString(), commandId: 'direct/laptop/1', engines: [] };

    await kill({ strategy: STRATEGY, direct });
    Object.assign(store, { read, latchUnconditionally: latch });
    await drainSpool(STRATEGY, { ...made.ports, spool: made.spool });

    const [{ proofs, payload } = entriesOf(made)[0]!] = entriesOf(made);
    assert.deepEqual(
      [proofs.length, payload['direct']],
      [1, { decidedAt: direct.decidedAt, commandId: direct.commandId, instances: [] }],
    );
  });

  it('keeps its signature at a scope, and at what the scope kills later', async () => {
    const { made, ports, kill } = pressed();
    const direct = { decidedAt: START.toISOString(), commandId: 'direct/laptop/1', engines: [] };

    await kill({ scope: 'all', direct });
    const [scoped] = entriesOf(made, 'desk');
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'OFF', latch: undefined });
    await killCovered(stateOf(made), REGISTRATION, ports);

    assert.deepEqual(scoped?.payload['direct'], { decidedAt: direct.decidedAt, commandId: direct.commandId, told: 0 });
    assert.deepEqual(
      [...entriesOf(made), scoped!].map(({ proofs }) => proofs.length),
      [1, 1, 1],
    );
    assert.ok(made.store.records.has(`LATCH#${Scope.parse('all')}`));
  });

  it('leaves a long body out of the proof', async () => {
    const { made, kill } = pressed();

    await kill({ strategy: STRATEGY, reason: 'x'.repeat(MOST_BODY_BYTES) });

    assert.equal(entriesOf(made)[0]?.proofs[0]?.body, undefined);
  });

  it('says which engines it told itself, what they answered, and whether it signed what they got', async () => {
    const { made, laptop, kill } = pressed();
    const { base, signature } = await laptop.sent('http://127.0.0.1:1/btc-momentum-1/v1/commands/halt', '{}');
    const told = { strategyId: STRATEGY, instanceId: 'btc-momentum-1', status: 'halted' };
    const engines = [
      { ...told, haltedAt: START.toISOString(), openOrders: 3, base, signature },
      { ...told, instanceId: 'btc-momentum-2', status: 'unreachable', detail: 'x'.repeat(300) },
      { ...told, strategyId: 'another' },
    ];

    await kill({
      strategy: STRATEGY,
      direct: { decidedAt: START.toISOString(), commandId: 'direct/laptop/1', engines },
    });

    const direct = Object(entriesOf(made)[0]?.payload['direct']);
    assert.deepEqual(
      direct.instances.map(({ instanceId, status, signed, detail = '' }: Record<string, string>) => [
        instanceId,
        status,
        signed,
        detail?.length,
      ]),
      [
        ['btc-momentum-1', 'halted', true, 0],
        ['btc-momentum-2', 'unreachable', false, 200],
      ],
    );
  });

  it('is nobody’s and in no role where a button has no owner', async () => {
    const { made, laptop, kill } = pressed({ subject: undefined });

    await kill({ strategy: STRATEGY });

    const { initiatedBy, initiatorRoles } = stateOf(made).latch ?? {};
    assert.deepEqual([initiatedBy, initiatorRoles], [ActorId.parse(laptop.id), []]);
  });

  for (const [code, over, otherwise, body] of [
    ['DeviceRevoked', { status: 'revoked' }, {}, { strategy: STRATEGY }],
    ['DeviceNotApproved', { status: 'proposed' }, {}, { strategy: STRATEGY }],
    ['DeviceSignatureLate', {}, { at: new Date(START.getTime() - 901_000) }, { strategy: STRATEGY }],
    ['DeviceSignatureLate', {}, { at: new Date(START.getTime() + 901_000) }, { strategy: STRATEGY }],
    ['UnknownStrategy', {}, {}, { strategy: 7 }],
    ['UnknownScope', {}, {}, {}],
    ['UnknownDevice', {}, { keyid: 'device:other' }, { strategy: STRATEGY }],
  ] as const) {
    it(`is refused with ${code}: ${JSON.stringify({ over, otherwise, body })}`, async () => {
      const { made, kill } = pressed(over);

      await assert.rejects(kill(body, otherwise), { code });
      assert.equal(stateOf(made).mode, 'OFF');
    });
  }

  it('is refused by another key than the one that was enrolled, and the second time', async () => {
    const { ports, kill, signedAs } = pressed();
    const stranger = device('laptop');

    await assert.rejects(
      signedAs({ strategy: STRATEGY }, {}, stranger).then((signed) => proveDevice(signed, ports)),
      {
        code: 'DeviceSignatureInvalid',
      },
    );
    await kill({ strategy: STRATEGY }, { nonce: 'a-nonce-of-16-characters' });
    await assert.rejects(kill({ strategy: STRATEGY }, { nonce: 'a-nonce-of-16-characters' }), {
      code: 'DeviceSignatureReplayed',
    });
  });
});
