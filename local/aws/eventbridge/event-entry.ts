import * as z from 'zod';
import { AwsError } from '../aws-error.ts';

/** One entry of PutEvents. Only the shape is checked here: what is missing fails that entry alone, not the call. */
export const EventEntry = z.strictObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  Time: z.number().optional(),
  TraceHeader: z.string().optional(),
});
export type EventEntry = z.infer<typeof EventEntry>;

export type CheckedEntry = {
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: Record<string, unknown>;
  readonly resources: readonly string[];
  /** Epoch seconds. */
  readonly time: number | undefined;
};

const Detail = z.record(z.string(), z.unknown());

/** The entry, or a throw with the error code AWS would put beside it. */
export function checkEntry(entry: EventEntry, buses: ReadonlySet<string>): CheckedEntry {
  const bus = busOf(entry.EventBusName ?? 'default');
  if (!buses.has(bus)) throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist`);
  const source = required(entry.Source, 'Source');
  if (source.startsWith('aws.')) {
    throw new AwsError('NotAuthorizedForSourceException', `Only AWS services may send events from ${source}`);
  }
  const detailType = required(entry.DetailType, 'DetailType');
  const detail = parseDetail(required(entry.Detail, 'Detail'));
  return { bus, source, detailType, detail, resources: entry.Resources ?? [], time: entry.Time };
}

/** A bus is named, or given as `arn:aws:events:<region>:<account>:event-bus/<name>`. */
const busOf = (nameOrArn: string) => nameOrArn.replace(/^arn:aws:events:[^:]*:[^:]*:event-bus\//, '');

function required(value: string | undefined, name: string): string {
  if (value) return value;
  throw new AwsError('InvalidArgument', `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
}

function parseDetail(text: string): Record<string, unknown> {
  try {
    return Detail.parse(JSON.parse(text));
  } catch {
    throw new AwsError('MalformedDetail', 'Detail is malformed: it has to be the text of a JSON object.');
  }
}
