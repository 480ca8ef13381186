import type { Json } from '../json.ts';
import { join, requireFields } from './check-fields.ts';
import type { Report } from './diagnostic.ts';
import { parseResource } from './resources.ts';

/** A Task names an integration this engine has, and one that its kind of machine may use. */
export function checkTask(
  state: { readonly [name: string]: Json },
  location: string,
  express: boolean,
  report: Report,
): void {
  if (!requireFields(state, ['Resource'], location, report)) return;
  const arn = String(state['Resource']);
  const at = join(location, 'Resource');
  const resource = parseResource(arn);
  if (!resource) {
    const why = 'The value is not a valid resource ARN, or the resource is not available in this region.';
    report(at, `The resource provided ${arn} is not recognized. ${why}`);
  } else if (express && resource.pattern !== 'request') {
    const suffix = resource.pattern === 'callback' ? '.waitForTaskToken' : '.sync';
    report(at, `Express state machine does not support '${suffix}' service integration `);
  }
  const [timeout, heartbeat] = [state['TimeoutSeconds'], state['HeartbeatSeconds']];
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    report(join(location, 'HeartbeatSeconds'), "'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'");
  }
}
