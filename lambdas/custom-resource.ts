import * as z from 'zod';

const CustomResourceEvent = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
  ResourceProperties: z.record(z.string(), z.unknown()),
});

/**
 * Wires one operation as a CloudFormation custom resource: it runs on create and update with its properties, deleting is
 * nothing (what it made is kept), and the outcome is PUT to the address CloudFormation gave.
 */
export function customResource<Schema extends z.ZodType>(
  properties: Schema,
  operation: (input: z.output<Schema>, requestId: string) => Promise<Record<string, unknown>>,
) {
  return async (input: unknown): Promise<void> => {
    const event = CustomResourceEvent.parse(input);
    const outcome = await attempt(event, properties, operation);
    const { StackId, RequestId, LogicalResourceId } = event;
    const body = JSON.stringify({
      ...outcome,
      StackId,
      RequestId,
      LogicalResourceId,
      PhysicalResourceId: event.PhysicalResourceId ?? LogicalResourceId,
    });
    const response = await fetch(event.ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
    if (!response.ok) throw new Error(`CloudFormation did not take the answer: status ${response.status}`);
  };
}

async function attempt<Schema extends z.ZodType>(
  event: z.infer<typeof CustomResourceEvent>,
  properties: Schema,
  operation: (input: z.output<Schema>, requestId: string) => Promise<Record<string, unknown>>,
): Promise<{ Status: 'SUCCESS' | 'FAILED'; Reason?: string; Data?: Record<string, unknown> }> {
  if (event.RequestType === 'Delete') return { Status: 'SUCCESS' };
  try {
    return { Status: 'SUCCESS', Data: await operation(properties.parse(event.ResourceProperties), event.RequestId) };
  } catch (error) {
    return {
      Status: 'FAILED',
      Reason: error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 1000) : String(error),
    };
  }
}
