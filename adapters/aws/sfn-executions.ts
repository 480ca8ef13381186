import {
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  type HistoryEvent as SfnEvent,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { Machine } from '../../domain/machine.ts';
import type { Executions, HistoryEvent, HistoryPage } from '../../domain/ports/executions.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { redactTokens } from './redact-tokens.ts';
import { startExecution } from './start-execution.ts';

export type MachineArns = Readonly<Record<Machine, string>>;

/** Step Functions, by the names and references that the domain knows. */
export class SfnExecutions implements Executions {
  readonly #sfn: SFNClient;
  readonly #arns: MachineArns;

  constructor(sfn: SFNClient, arns: MachineArns) {
    this.#sfn = sfn;
    this.#arns = arns;
  }

  async start(machine: Machine, name: string, input: Record<string, unknown>): Promise<void> {
    await startExecution(this.#sfn, this.#arns[machine], name, input);
  }

  async history(
    machine: Machine,
    name: string,
    { nextToken, limit }: { nextToken?: string | undefined; limit: number },
  ): Promise<HistoryPage | undefined> {
    const executionArn = `${this.#arns[machine].replace(':stateMachine:', ':execution:')}:${name}`;
    try {
      const page = await this.#sfn.send(
        new GetExecutionHistoryCommand({
          executionArn,
          maxResults: limit,
          includeExecutionData: true,
          ...(nextToken !== undefined && { nextToken }),
        }),
      );
      return {
        events: (page.events ?? []).map(eventOf),
        ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
      };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  }

  async succeed(taskToken: string, output: Record<string, unknown>): Promise<void> {
    await ignoreLate(this.#sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })));
  }

  async fail(taskToken: string, { code, message, next, facts }: Refusal): Promise<void> {
    const cause = JSON.stringify({ errorType: code, errorMessage: JSON.stringify({ message, next, facts }) });
    await ignoreLate(this.#sfn.send(new SendTaskFailureCommand({ taskToken, error: code, cause })));
  }
}

/** A state that no longer waits needs no answer. */
async function ignoreLate(answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (!(error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken))
      throw error;
  }
}

function eventOf(event: SfnEvent): HistoryEvent {
  const { id = 0, previousEventId = 0, timestamp, type = 'Unknown', ...rest } = event;
  const details = redactTokens(Object.values(rest).find((value) => typeof value === 'object' && value !== null) ?? {});
  const state = nameOf(event);
  return {
    id,
    previousId: previousEventId,
    at: (timestamp ?? new Date(0)).toISOString(),
    type,
    ...(state !== undefined && { state }),
    details,
  };
}

const nameOf = ({ stateEnteredEventDetails, stateExitedEventDetails }: SfnEvent): string | undefined =>
  stateEnteredEventDetails?.name ?? stateExitedEventDetails?.name;
