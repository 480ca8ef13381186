import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { FetchHandler } from '../aws/fetch-handler.ts';

const Answer = z.object({
  Status: z.enum(['SUCCESS', 'FAILED']),
  Reason: z.string().default('no reason given'),
  PhysicalResourceId: z.string().min(1),
  Data: z.record(z.string(), z.unknown()).default({}).transform(texts),
});
export type CustomResourceAnswer = z.infer<typeof Answer>;

function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

export type CustomResourceAnswers = {
  /** A fresh ResponseURL, and what is PUT there. `forget` ends the waiting with a failure when nothing came. */
  expect(): { readonly url: string; readonly answer: Promise<CustomResourceAnswer>; forget(): void };
  readonly handle: FetchHandler;
};

export const answersPath = '/custom-resource-answers/';

function readAnswer(text: string): CustomResourceAnswer | undefined {
  try {
    return Answer.parse(JSON.parse(text));
  } catch {
    return undefined; // whoever waits is told so
  }
}

/** The address that CloudFormation gives custom resources to answer to: nobody else knows the random part. */
export function customResourceAnswers(baseUrl: string): CustomResourceAnswers {
  const expected = new Map<string, (answer: CustomResourceAnswer) => void>();
  const silent: CustomResourceAnswer = {
    Status: 'FAILED',
    Reason: 'it did not answer',
    PhysicalResourceId: '-',
    Data: {},
  };
  return {
    expect() {
      const id = randomUUID();
      const { promise, resolve } = Promise.withResolvers<CustomResourceAnswer>();
      expected.set(id, resolve);
      const forget = () => {
        expected.delete(id);
        resolve(silent);
      };
      return { url: `${baseUrl}${answersPath}${id}`, answer: promise, forget };
    },
    async handle(request) {
      const id = new URL(request.url).pathname.slice(answersPath.length);
      const settle = expected.get(id);
      if (!settle || request.method !== 'PUT') return new Response('nobody waits for this answer\n', { status: 404 });
      expected.delete(id);
      const answer = readAnswer(await request.text());
      settle(answer ?? { ...silent, Reason: 'its answer is not what CloudFormation takes' });
      return new Response(null, { status: answer ? 200 : 400 });
    },
  };
}
