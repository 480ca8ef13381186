import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { customResourceAnswers } from '../../../local/host/custom-resource-answers.ts';
import { makeCustomResources } from '../../../local/host/make-custom-resources.ts';
import type { LambdaHost } from '../../../local/lambda/lambda-host.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';
import { aFunction, arnOf, writtenStack } from '../template/written-stack.ts';

type Event = { RequestType: string; ResponseURL: string; LogicalResourceId: string; [name: string]: unknown };

describe('makeCustomResources', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  let path = '';
  let asked: Event[] = [];
  let count = 0;
  before(async () => {
    temporary = await temporaryFolder();
  });
  beforeEach(() => {
    count += 1;
    path = join(temporary.path, `custom-resources-${count}.json`);
    asked = [];
  });
  after(() => temporary.remove());

  const answers = customResourceAnswers('http://127.0.0.1:4510');
  const custom = (properties: object) => ({
    Type: 'Custom::Thing',
    Properties: { ServiceToken: arnOf('Maker'), ...properties },
  });
  const stackOf = (resources: Record<string, object>) =>
    writtenStack(join(temporary.path, 'out'), {
      Resources: {
        Maker: aFunction(),
        ...Object.fromEntries(Object.entries(resources).map(([id, properties]) => [id, custom(properties)])),
      },
      Outputs: { Key: { Value: { 'Fn::GetAtt': ['One', 'Key'] } } },
    });
  /** Answers as the function of the resource would; `say` is what it puts to the address, undefined for nothing at all. */
  const make = (
    resources: Record<string, object>,
    say: (event: Event) => object | undefined = succeeds,
    failed = false,
  ) => {
    const stack = stackOf(resources);
    const lambda: LambdaHost = {
      ...{ functions: new Map(), warm: async () => undefined, end: async () => undefined },
      async invoke(_name: string, text: string) {
        const event: Event = JSON.parse(text);
        asked.push(event);
        const answer = say(event);
        if (answer)
          await answers.handle(new Request(event.ResponseURL, { method: 'PUT', body: JSON.stringify(answer) }));
        return { payload: failed ? '{"errorType":"Broken"}' : 'null', failed };
      },
    };
    return makeCustomResources({ stack, lambda, answers, path }).then(() => stack);
  };
  const succeeds = ({ LogicalResourceId }: Event) => ({
    Status: 'SUCCESS',
    PhysicalResourceId: `made-${LogicalResourceId}`,
    Data: { Key: 'a-key' },
  });

  it('creates each through its function, and resolves what it answered', async () => {
    const stack = await make({ One: { Size: '1' } });

    assert.equal(stack.output('Key'), 'a-key');
    assert.deepEqual([asked[0]?.RequestType, asked[0]?.LogicalResourceId], ['Create', 'One']);
    assert.match(JSON.stringify(asked[0]?.['ResourceProperties']), /"Size":"1"/);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('does not make an unchanged one again, and still knows its attributes', async () => {
    await make({ One: { Size: '1' } });

    const stack = await make({ One: { Size: '1' } });

    assert.equal(asked.length, 1);
    assert.equal(stack.output('Key'), 'a-key');
  });

  it('updates one whose properties have changed, telling the old ones', async () => {
    await make({ One: { Size: '1' } });
    await make({ One: { Size: '2' } });

    assert.deepEqual([asked[1]?.RequestType, asked[1]?.['PhysicalResourceId']], ['Update', 'made-One']);
    assert.match(JSON.stringify(asked[1]?.['OldResourceProperties']), /"Size":"1"/);
    await make({ One: { Size: '2' } });
    assert.equal(asked.length, 2);
  });

  it('keeps what was made before another one failed', async () => {
    const secondFails = (event: Event) =>
      event.LogicalResourceId === 'Two' ? { ...succeeds(event), Status: 'FAILED', Reason: 'no room' } : succeeds(event);
    await assert.rejects(make({ One: {}, Two: {} }, secondFails), {
      message: 'Two (Custom::Thing) was not made: no room',
    });

    await make({ One: {}, Two: {} });

    assert.deepEqual(
      asked.map(({ RequestType, LogicalResourceId }) => `${RequestType} ${LogicalResourceId}`),
      ['Create One', 'Create Two', 'Create Two'],
    );
  });

  it('forgets one that is in the template no longer', async () => {
    await make({ One: {}, Two: {} });
    await make({ One: {} });

    assert.deepEqual(Object.keys(JSON.parse(readFileSync(path, 'utf8'))), ['One']);
  });

  it('says which one was not made when its function fails or stays silent', async () => {
    await assert.rejects(
      make({ One: {} }, succeeds, true),
      /One \(Custom::Thing\) was not made: Maker failed: .*Broken/,
    );
    await assert.rejects(
      make({ One: {} }, () => undefined),
      /One \(Custom::Thing\) was not made: it did not answer/,
    );
    await assert.rejects(
      make({ One: {} }, () => ({ nonsense: 1 })),
      /its answer is not what CloudFormation takes/,
    );
  });

  it('names its damaged record and the way out', async () => {
    writeFileSync(path, '{"One":');

    await assert.rejects(
      make({ One: {} }),
      new RegExp(`${path} is damaged: delete it, and what it records is made again`),
    );

    assert.equal(asked.length, 0);
  });
});
