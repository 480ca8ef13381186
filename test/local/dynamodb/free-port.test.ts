import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freePort } from '../../../local/dynamodb/free-port.ts';

describe('freePort', () => {
  it('keeps away from where systems take ports for outgoing connections', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort));

    assert.deepEqual(
      ports.filter((port) => port < 15_000 || port >= 32_000),
      [],
    );
  });
});
