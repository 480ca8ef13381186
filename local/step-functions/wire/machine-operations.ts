import { machineArn, machineNameOf } from '../arn.ts';
import { describeDiagnostics } from '../definition/diagnostic.ts';
import { validateDefinition } from '../definition/validate-definition.ts';
import type { Engine } from '../engine.ts';
import { findExecution } from '../journal/executions.ts';
import { deleteMachine, findMachine, listMachines, type MachineRow, saveMachine } from '../journal/machines.ts';
import { ServiceError } from '../service-error.ts';
import { maxResults, type Operation, optionalText, pageToken, readToken, seconds, text } from './operation.ts';

const DEFAULT_ROLE = 'arn:aws:iam::000000000000:role/local';
const NAME = /^[0-9A-Za-z_-]{1,80}$/;

type NewMachine = Pick<MachineRow, 'name' | 'definition'> & Partial<Pick<MachineRow, 'kind' | 'role'>>;

/** Stores a machine under its name, in place of what was there. Refuses a definition this engine cannot run. */
export function putMachine(
  engine: Engine,
  { name, definition, kind = 'STANDARD', role = DEFAULT_ROLE }: NewMachine,
): string {
  if (!NAME.test(name)) throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
  const diagnostics = validateDefinition(definition, kind);
  if (diagnostics.length > 0) throw new ServiceError('InvalidDefinition', describeDiagnostics(diagnostics));
  const { journal, ports, region } = engine;
  const created = ports.clock.now();
  journal.write(() => saveMachine(journal, { name, definition, kind, role, created }));
  return machineArn(region, name);
}

function required(engine: Engine, arn: string): MachineRow {
  const row = findMachine(engine.journal, machineNameOf(arn));
  if (row) return row;
  throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

const create: Operation = (engine, body) => {
  const name = text(body, 'name');
  const definition = text(body, 'definition');
  const kind = optionalText(body, 'type') === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
  const existing = findMachine(engine.journal, name);
  if (existing && (existing.definition !== definition || existing.kind !== kind)) {
    throw new ServiceError(
      'StateMachineAlreadyExists',
      `State Machine Already Exists: '${machineArn(engine.region, name)}'`,
    );
  }
  const role = optionalText(body, 'roleArn') ?? DEFAULT_ROLE;
  const stateMachineArn = existing
    ? machineArn(engine.region, name)
    : putMachine(engine, { name, definition, kind, role });
  return { stateMachineArn, creationDate: seconds(existing?.created ?? engine.ports.clock.now()) };
};

const update: Operation = (engine, body) => {
  const { name, definition, kind, role } = required(engine, text(body, 'stateMachineArn'));
  putMachine(engine, {
    name,
    definition: optionalText(body, 'definition') ?? definition,
    kind,
    role: optionalText(body, 'roleArn') ?? role,
  });
  return { updateDate: seconds(engine.ports.clock.now()) };
};

const remove: Operation = ({ journal }, body) => {
  const name = machineNameOf(text(body, 'stateMachineArn'));
  journal.write(() => deleteMachine(journal, name));
  return {};
};

const describe: Operation = (engine, body) => {
  const { name, definition, kind, role, created } = required(engine, text(body, 'stateMachineArn'));
  return {
    stateMachineArn: machineArn(engine.region, name),
    name,
    status: 'ACTIVE',
    definition,
    roleArn: role,
    type: kind,
    creationDate: seconds(created),
  };
};

const describeForExecution: Operation = ({ journal, region }, body) => {
  const arn = text(body, 'executionArn');
  const row = findExecution(journal, arn);
  if (!row) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return {
    stateMachineArn: machineArn(region, row.machine),
    name: row.machine,
    definition: row.definition,
    roleArn: row.role,
    updateDate: seconds(row.started),
  };
};

const list: Operation = ({ journal, region }, body) => {
  const limit = maxResults(body);
  const rows = listMachines(journal, String(readToken(body) ?? ''), limit + 1);
  const page = rows.slice(0, limit);
  return {
    stateMachines: page.map(({ name, kind, created }) => ({
      stateMachineArn: machineArn(region, name),
      name,
      type: kind,
      creationDate: seconds(created),
    })),
    ...(rows.length > limit && { nextToken: pageToken(page.at(-1)?.name ?? '') }),
  };
};

const validate: Operation = (_engine, body) => {
  const kind = optionalText(body, 'type') === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
  const diagnostics = validateDefinition(text(body, 'definition'), kind);
  return {
    result: diagnostics.length === 0 ? 'OK' : 'FAIL',
    diagnostics: diagnostics.map((diagnostic) => ({ ...diagnostic })),
    truncated: false,
  };
};

/** Operations on state machines. */
export const machineOperations: Readonly<Record<string, Operation>> = {
  CreateStateMachine: create,
  UpdateStateMachine: update,
  DeleteStateMachine: remove,
  DescribeStateMachine: describe,
  DescribeStateMachineForExecution: describeForExecution,
  ListStateMachines: list,
  ValidateStateMachineDefinition: validate,
};
