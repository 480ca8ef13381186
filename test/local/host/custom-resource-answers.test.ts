import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { customResourceAnswers } from '../../../local/host/custom-resource-answers.ts';

const base = 'http://127.0.0.1:4510';
const success = { Status: 'SUCCESS', PhysicalResourceId: 'made-1', Data: { Name: 'a', Size: 3, On: true } };
const answered = (answers: ReturnType<typeof customResourceAnswers>, url: string, body: unknown, method = 'PUT') =>
  answers.handle(new Request(url, { method, body: typeof body === 'string' ? body : JSON.stringify(body) }));

describe('customResourceAnswers', () => {
  it('gives an address of its own for each, and what was put there, every attribute as text', async () => {
    const answers = customResourceAnswers(base);
    const [one, other] = [answers.expect(), answers.expect()];
    assert.match(one.url, /^http:\/\/127\.0\.0\.1:4510\/custom-resource-answers\/[0-9a-f-]{36}$/);
    assert.notEqual(one.url, other.url);

    assert.equal((await answered(answers, one.url, success)).status, 200);

    assert.deepEqual(await one.answer, {
      Status: 'SUCCESS',
      Reason: 'no reason given',
      PhysicalResourceId: 'made-1',
      Data: { Name: 'a', Size: '3', On: 'true' },
    });
  });

  it('takes an answer once, and none that nobody waits for', async () => {
    const answers = customResourceAnswers(base);
    const { url, answer } = answers.expect();
    assert.equal((await answered(answers, `${base}/custom-resource-answers/guessed`, success)).status, 404);
    assert.equal((await answered(answers, url, success, 'POST')).status, 404);
    assert.equal((await answered(answers, url, success)).status, 200);

    assert.equal((await answered(answers, url, { ...success, PhysicalResourceId: 'other' })).status, 404);

    assert.equal((await answer).PhysicalResourceId, 'made-1');
  });

  it('counts an answer that is no answer as a failure, and says so to both sides', async () => {
    const answers = customResourceAnswers(base);
    for (const body of ['<html>', '', {}, { ...success, Status: 'MAYBE' }, { ...success, PhysicalResourceId: '' }]) {
      const { url, answer } = answers.expect();

      assert.equal((await answered(answers, url, body)).status, 400);

      const { Status, Reason } = await answer;
      assert.deepEqual([Status, Reason], ['FAILED', 'its answer is not what CloudFormation takes']);
    }
  });

  it('ends the waiting for an answer that never comes', async () => {
    const answers = customResourceAnswers(base);
    const { url, answer, forget } = answers.expect();

    forget();

    assert.equal((await answer).Reason, 'it did not answer');
    assert.equal((await answered(answers, url, success)).status, 404);
  });
});
