import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { redactTokens } from '../../../adapters/aws/redact-tokens.ts';

const SECRET = 'AQCEAAAAKgAAAAMAAAAAAAAAAf+/secret==';

/** The value as JSON text inside JSON text, `depth` times. */
const nested = (value: unknown, depth: number): unknown =>
  depth === 0 ? value : { input: JSON.stringify(nested(value, depth - 1)) };

describe('redactTokens', () => {
  it('takes a token out however deep it stands in strings of JSON, and leaves the rest readable', () =>
    fc.assert(
      fc.property(fc.nat({ max: 4 }), fc.constantFrom('taskToken', 'TaskToken', 'task_token'), (depth, name) => {
        const details = { parameters: nested({ [name]: SECRET, runId: 'run-1' }, depth) };

        const shown = JSON.stringify(redactTokens(details));

        assert.ok(!shown.includes('secret'), shown);
        assert.match(shown, /\[redacted\]/);
        assert.match(shown, /run-1/);
      }),
    ));

  it('gives what holds no token as it is', () => {
    const details = { name: 'Halt engines', output: '{"verdict":"done","token":"of affection"}' };

    assert.deepEqual(redactTokens(details), details);
  });
});
