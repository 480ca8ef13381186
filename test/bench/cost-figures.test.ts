import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { costFigures } from '../../bench/cost-figures.ts';
import { isKept } from '../../bench/figure.ts';

describe('the list price of a kill', () => {
  it('stays below five thousandths of a cent, by the template and by what a kill writes', async () => {
    const [figure] = await costFigures();

    assert.ok(figure && isKept(figure), JSON.stringify(figure));
    assert.equal(figure.budget, 50);
    assert.match(figure.note ?? '', /write and 1 read units each/);
  });
});
