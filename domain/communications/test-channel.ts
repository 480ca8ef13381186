import type { Caller } from '../approval/caller.ts';
import type { Changed } from '../change.ts';
import { changeLog } from '../change-log.ts';
import { sha256 } from '../crypto/sha256.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { announce, messageId } from './announce.ts';
import type { ChannelTestRequest } from './channel-test-request.ts';
import { deliveryId } from './delivery.ts';

export type TestChannel = { readonly caller: Caller; readonly key: string; readonly request: ChannelTestRequest };
export type ChannelTested = { readonly delivery: string; readonly channel: string; readonly summary: string };

type TestPorts = Pick<Ports, 'records' | 'now'> & { readonly ledger: Pick<Ports['ledger'], 'commitTo'> };

const DESK = LogId.parse('desk');

/**
 * Sends a message that says it is a test to one channel, by the courier and in no other way than any message; `delivery` is where its
 * proof will stand. Refuses a channel that the matrix does not know (UnknownChannel), with the list of those it knows.
 */
export async function testChannel(
  { caller, key, request }: TestChannel,
  ports: TestPorts,
): Promise<Changed<ChannelTested>> {
  const { channel } = request;
  const matrix = await ports.records.get('MATRIX', 'communications');
  const channels = Object.keys(matrix?.channels ?? {});
  if (!channels.includes(channel)) {
    const known = channels.map((each) => `'${each}'`).join(', ') || 'none';
    throw new Refusal('UnknownChannel', `there is no channel '${channel}'`, `take one of these: ${known}`, {
      channels,
    });
  }
  const occasion = sha256(key).toString('hex').slice(0, 12);
  const delivery = deliveryId(messageId('desk', 'channel-test', occasion), channel);
  return changeLog(
    DESK,
    { key, body: request },
    async () => ({
      entries: [{ type: 'channel.tested', actor: caller.subject, payload: { channel, delivery } }],
      records: announce('channel-test', { channel, by: caller.subject, occasion }, ports.now()),
      reply: { delivery, channel, summary: `a test is on its way to ${channel}` },
    }),
    ports,
  );
}
