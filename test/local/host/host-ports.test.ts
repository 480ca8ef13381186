import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulationPorts } from '../../../local/host/host-ports.ts';

describe('simulationPorts', () => {
  it('are the two after the one that was asked for', async () => {
    assert.deepEqual(await simulationPorts(4510), { engine: 4511, venue: 4512 });
    assert.deepEqual(await simulationPorts(65_533), { engine: 65_534, venue: 65_535 });
  });

  it('are two different free ones when any was asked for', async () => {
    const { engine, venue } = await simulationPorts(0);

    assert.ok(engine > 0 && venue > 0);
    assert.notEqual(engine, venue);
  });
});
