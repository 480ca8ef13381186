import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { writeDurably } from '../aws/write-durably.ts';
import type { LambdaHost } from '../lambda/lambda-host.ts';
import { type CustomResource, customResources } from '../template/custom-resources.ts';
import type { Stack } from '../template/open-stack.ts';
import type { CustomResourceAnswers } from './custom-resource-answers.ts';

/** What was made of a resource, kept so that an unchanged one is not made again, as CloudFormation would not. */
const Made = z.object({
  digest: z.string(),
  physicalId: z.string(),
  attributes: z.record(z.string(), z.string()),
  properties: z.record(z.string(), z.unknown()),
});
const MadeResources = z.record(z.string(), Made);
type Made = z.infer<typeof Made>;

export type MakeOptions = {
  readonly stack: Stack;
  readonly lambda: LambdaHost;
  readonly answers: CustomResourceAnswers;
  /** `custom-resources.json` of the data folder. */
  readonly path: string;
};

/** Creates or updates the template's custom resources through their functions, as a deployment does, and takes in their attributes. */
export async function makeCustomResources({ stack, lambda, answers, path }: MakeOptions): Promise<void> {
  const before = await recordIn(path);
  let after: Record<string, Made> = {};
  for (const resource of customResources(stack)) {
    const known = before[resource.logicalId];
    const digest = createHash('sha256').update(JSON.stringify(resource.properties)).digest('hex');
    const made = known?.digest === digest ? known : await make(resource, known, { lambda, answers });
    stack.setAttributes(resource.logicalId, made.attributes);
    after = { ...after, [resource.logicalId]: { ...made, digest } };
    await record(path, { ...before, ...after }); // at once: one that fails later does not undo this one
  }
  await record(path, after);
}

const record = (path: string, made: Readonly<Record<string, Made>>) =>
  writeDurably(path, Buffer.from(`${JSON.stringify(made, null, 2)}\n`), { mode: 0o600 });

async function make(
  { logicalId, type, functionName, properties }: CustomResource,
  known: Made | undefined,
  { lambda, answers }: Pick<MakeOptions, 'lambda' | 'answers'>,
): Promise<Made> {
  const { url, answer, forget } = answers.expect();
  const event = {
    RequestType: known ? 'Update' : 'Create',
    ResponseURL: url,
    StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/TradePulse/local',
    RequestId: randomUUID(),
    ResourceType: type,
    LogicalResourceId: logicalId,
    ResourceProperties: properties,
    ...(known && { PhysicalResourceId: known.physicalId, OldResourceProperties: known.properties }),
  };
  const { payload, failed } = await lambda.invoke(functionName, JSON.stringify(event));
  forget();
  if (failed) throw new Error(`${logicalId} (${type}) was not made: ${functionName} failed: ${payload}`);
  const reply = await answer;
  if (reply.Status === 'FAILED') throw new Error(`${logicalId} (${type}) was not made: ${reply.Reason}`);
  return { digest: '', physicalId: reply.PhysicalResourceId, attributes: reply.Data, properties };
}

async function recordIn(path: string): Promise<Record<string, Made>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return MadeResources.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} is damaged: delete it, and what it records is made again`, { cause });
  }
}
