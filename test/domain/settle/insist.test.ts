import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../../../domain/refusal.ts';
import { insist } from '../../../domain/settle/insist.ts';

const silent = new Refusal('EngineUnreachable', 'it did not answer', 'look at it');
const no = new Refusal('EngineRefused', 'it trades', 'stop it');

describe('insist', () => {
  const asking = (answers: readonly (string | Error)[]) => {
    const pauses: number[] = [];
    let asked = 0;
    const ask = async () => {
      const answer = answers[asked] ?? silent;
      asked += 1;
      if (typeof answer === 'string') return answer;
      throw answer;
    };
    return { ask, pauses, ports: { jitter: async (attempt: number) => void pauses.push(attempt) }, count: () => asked };
  };

  it('asks again while nobody answers, with a pause between', async () => {
    const { ask, ports, pauses } = asking([silent, 'settled']);

    assert.deepEqual([await insist(ask, ports), pauses], ['settled', [0]]);
  });

  it('gives up after three tries, and answers why', async () => {
    const { ask, ports, count } = asking([]);

    assert.deepEqual([await insist(ask, ports), count()], [silent, 3]);
  });

  it('takes a no for an answer, and throws a fault', async () => {
    const refused = asking([no]);
    const broken = asking([new TypeError('ours')]);

    assert.deepEqual([await insist(refused.ask, refused.ports), refused.count()], [no, 1]);
    await assert.rejects(insist(broken.ask, broken.ports), { name: 'TypeError' });
  });
});
