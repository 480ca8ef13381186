import type { Cancellation } from '../cancellation.ts';
import type { TaskState } from '../definition/machine.ts';
import { parseResource, type Resource } from '../definition/resources.ts';
import { evaluation } from '../execution/context.ts';
import { emit } from '../execution/history.ts';
import { type Departure, prepareDeparture } from '../execution/leave-state.ts';
import { commit, current, type Line, save, type TaskProgress } from '../execution/line.ts';
import { closeToken } from '../journal/tokens.ts';
import { isOversize, type Json } from '../json.ts';
import { awaitCallback } from '../tasks/await-callback.ts';
import { invokeFunction, invokeLambda } from '../tasks/invoke-function.ts';
import { putEvents } from '../tasks/put-events.ts';
import { scheduleTask } from '../tasks/schedule-task.ts';
import { runChild, startChild } from '../tasks/start-child.ts';
import { oversizeResult, taskEvent, taskTimeout } from '../tasks/task-failure.ts';
import { untilDeadline } from '../tasks/until-deadline.ts';

/** Schedules the task, has it done, and leaves with its result. After a crash it goes on from what was written. */
export async function runTask(line: Line, state: TaskState): Promise<Departure> {
  const resource = parseResource(state.Resource);
  if (!resource) throw new Error(`${line.run.arn}: '${state.Resource}' passed validation but is unknown`);
  const task = current(line).visit.task ?? (await scheduleTask(line, state, resource));
  const result = task.result ? task.result.value : await performTask(line, resource, task);
  return prepareDeparture(state, {
    evaluation: evaluation(line, { result, ...(task.token !== undefined && { token: task.token }) }),
    fallback: result,
  });
}

async function performTask(line: Line, resource: Resource, task: TaskProgress): Promise<Json> {
  const { journal } = line.run.engine;
  const due = task.timeoutSeconds === undefined ? undefined : task.scheduledAt + task.timeoutSeconds * 1000;
  const late = () => taskTimeout(resource, false);
  const value = await untilDeadline(line, { due, late }, async (cancellation) => {
    await journal.durable(); // the world hears of a task only when the journal holds it
    return perform(line, { resource, task, cancellation });
  });
  const text = JSON.stringify(value);
  if (isOversize(text)) throw oversizeResult(resource);
  commit(line, () => {
    const { type, details } = taskEvent(resource, 'Succeeded', { output: text });
    emit(line, type, details);
    if (task.token !== undefined) closeToken(journal, task.token);
    task.result = { value };
    save(line);
  });
  return value;
}

async function perform(
  line: Line,
  { resource, task, cancellation }: { resource: Resource; task: TaskProgress; cancellation: Cancellation },
): Promise<Json> {
  if (resource.pattern === 'callback') return awaitCallback(line, resource, task, cancellation);
  if (resource.pattern === 'sync') return runChild(line, resource, task, cancellation);
  switch (resource.integration) {
    case 'function':
      return invokeFunction(line, resource, task.arguments, cancellation);
    case 'lambda':
      return invokeLambda(line, resource, task.arguments, cancellation);
    case 'events':
      return putEvents(line, resource, task.arguments, cancellation);
    case 'states':
      return startChild(line, resource, task);
  }
}
