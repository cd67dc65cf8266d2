import assert from 'node:assert/strict';
import { test } from 'node:test';

import { layout } from '../timeline';
import { block } from './claims';

test('blocks lie in the session by the clock', () => {
  const shown = layout([block('97124', 30, [600, 630]), block('97010', 8)], { start: 600, end: 660, minutes: 60 });
  assert.equal(shown.scale, 'clock');
  assert.deepEqual(shown.session, { from: 0, to: 1 });
  assert.deepEqual(shown.bars, [[{ from: 0, to: 0.5 }], []]);
  assert.deepEqual(shown.ticks.map(tick => tick.words), ['10:00', '10:15', '10:30', '10:45', '11:00']);
});

test('a block outside of the session widens the picture', () => {
  const shown = layout([block('97124', 40, [630, 670])], { start: 590, end: 650, minutes: 60 });
  assert.deepEqual(shown.session, { from: 0, to: 0.75 });
  assert.deepEqual(shown.bars, [[{ from: 0.5, to: 1 }]]);
});

test('several clock times of a block are several bars', () => {
  const twice = block('97110', 20, undefined, { clock: [{ start: 600, end: 610 }, { start: 630, end: 640 }] });
  assert.deepEqual(layout([twice], null).bars, [[{ from: 0, to: 0.25 }, { from: 0.75, to: 1 }]]);
});

test('times that run backwards are not drawn', () => {
  const shown = layout([block('97140', null, [815, 785])], { start: 900, end: 840, minutes: null });
  assert.deepEqual(shown, { scale: 'none', ticks: [], session: undefined, bars: [[]] });
});

test('without clock times blocks lie end to end', () => {
  const shown = layout([block('97124', 15), block('97110', null), block('97140', 45)], { start: 600, end: 700, minutes: 100 });
  assert.equal(shown.scale, 'minutes');
  assert.equal(shown.session, undefined);
  assert.deepEqual(shown.bars, [[{ from: 0, to: 0.25 }], [], [{ from: 0.25, to: 1 }]]);
  assert.equal(shown.ticks.at(-1)?.words, '60 min');
});

test('there are never more ticks than fit', () => {
  for (let minutes = 1; minutes <= 1440; minutes += 1) {
    const { ticks } = layout([block('97124', minutes, [0, minutes])], null);
    assert.ok(ticks.length >= 1 && ticks.length <= 5, `${minutes} minutes have ${ticks.length} ticks`);
    assert.ok(ticks.every(tick => tick.at >= 0 && tick.at <= 1));
  }
});
