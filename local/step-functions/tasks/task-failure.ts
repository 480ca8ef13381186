import type { Resource } from '../definition/resources.ts';
import { StateFailure } from '../failure.ts';
import type { Json } from '../json.ts';

/** Names and details of a task's events: a function ARN has events of its own. */
export function taskEvent(
  resource: Resource,
  kind: 'Succeeded' | 'Failed' | 'TimedOut',
  details: Record<string, Json>,
) {
  if (resource.integration === 'function') return { type: `LambdaFunction${kind}`, details };
  const { resourceType, resource: name } = resource;
  return { type: `Task${kind}`, details: { ...details, resourceType, resource: name } };
}

/** The failure of a task, with the event it leaves. */
export function taskFailure(
  resource: Resource,
  told: { error?: string | undefined; cause?: string | undefined },
): StateFailure {
  return new StateFailure({ ...told, event: taskEvent(resource, 'Failed', new StateFailure(told).details) });
}

/** A task, or the heartbeat of its worker, that came too late. AWS reports both as States.Timeout, without a cause. */
export function taskTimeout(resource: Resource, heartbeat: boolean): StateFailure {
  const told = { error: 'States.Timeout' };
  const event = taskEvent(resource, 'TimedOut', told);
  return new StateFailure({ ...told, event, ...(heartbeat && { alias: 'States.HeartbeatTimeout' }) });
}

/** A result larger than 256 KiB. Unlike other oversize data, AWS lets States.ALL catch it. */
export function oversizeResult(resource: Resource): StateFailure {
  const what = resource.integration === 'function' ? resource.resource : resource.resourceType;
  const cause = `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`;
  return taskFailure(resource, { error: 'States.DataLimitExceeded', cause });
}
