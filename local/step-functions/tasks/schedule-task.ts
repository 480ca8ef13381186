import type { TaskState, Template } from '../definition/machine.ts';
import type { Resource } from '../definition/resources.ts';
import { evaluation } from '../execution/context.ts';
import { emit } from '../execution/history.ts';
import { commit, current, type Line, save, type TaskProgress } from '../execution/line.ts';
import { type Evaluation, evaluateTemplate, evaluationFailure, expectType } from '../expressions/evaluate-template.ts';
import { oversize } from '../failure.ts';
import { insertToken } from '../journal/tokens.ts';
import { isOversize, type Json } from '../json.ts';

/** Evaluates a task's fields and writes its schedule, its token and its start in one transaction, before any call. */
export async function scheduleTask(line: Line, state: TaskState, resource: Resource): Promise<TaskProgress> {
  const { ports, journal } = line.run.engine;
  const token = resource.pattern === 'callback' ? newToken(ports.id) : undefined;
  const evaluated = evaluation(line, token === undefined ? {} : { token });
  const timeoutSeconds = await seconds(state.TimeoutSeconds, 'TimeoutSeconds', evaluated);
  const heartbeatSeconds = await seconds(state.HeartbeatSeconds, 'HeartbeatSeconds', evaluated);
  const { Arguments } = state;
  const args = Arguments === undefined ? line.cursor.input : await evaluateTemplate(Arguments, 'Arguments', evaluated);
  const text = JSON.stringify(args);
  if (isOversize(text)) throw oversize(line.cursor.state);
  const task: TaskProgress = {
    arguments: args,
    scheduledAt: ports.clock.now(),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
    ...(token !== undefined && { token }),
    ...(resource.integration === 'states' && { childName: ports.id() }),
  };
  commit(line, () => {
    if (token !== undefined) insertToken(journal, token, line.run.id, task.scheduledAt);
    emitScheduled(line, { resource, task, text });
    current(line).visit.task = task;
    save(line);
  });
  return task;
}

function emitScheduled(line: Line, { resource, task, text }: { resource: Resource; task: TaskProgress; text: string }) {
  const limits: Record<string, Json> = {
    ...(task.timeoutSeconds !== undefined && { timeoutInSeconds: task.timeoutSeconds }),
    ...(task.heartbeatSeconds !== undefined && { heartbeatInSeconds: task.heartbeatSeconds }),
  };
  const { resourceType, resource: name } = resource;
  if (resource.integration === 'function') {
    emit(line, 'LambdaFunctionScheduled', { resource: name, input: text, ...limits });
    emit(line, 'LambdaFunctionStarted');
    return;
  }
  const { region } = line.run.engine;
  emit(line, 'TaskScheduled', { resourceType, resource: name, region, parameters: text, ...limits });
  emit(line, 'TaskStarted', { resourceType, resource: name });
}

async function seconds(template: Template | undefined, field: string, evaluated: Evaluation) {
  if (template === undefined) return undefined;
  const value = await evaluateTemplate(template, field, evaluated);
  expectType({ value, template, field }, 'number', evaluated);
  if (Number.isInteger(value) && Number(value) > 0) return Number(value);
  throw evaluationFailure(
    `The ${field} field must be a whole number from 1, but was ${String(value)}`,
    field,
    evaluated,
  );
}

/** Two UUIDs: 244 random bits, and far below the 2,048 characters a token may have. */
function newToken(id: () => string) {
  return Buffer.from(`${id()}${id()}`).toString('base64url');
}
