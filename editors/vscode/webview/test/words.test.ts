import assert from 'node:assert/strict';
import { test } from 'node:test';

import { courseView } from '../course';
import { clockRange, codeWords, counted, dayWords, listed, secondsOf, shortDayWords } from '../format';
import { copiedWords, view, waitingList } from '../model';
import { at, block, claim, waiting } from './claims';

test('figures are told in words', () => {
  assert.equal(counted(1, 'unit'), '1 unit');
  assert.equal(counted(0, 'unit'), '0 units');
  assert.equal(listed(['97110', '97140', '97530']), '97110, 97140 and 97530');
  assert.equal(listed(['97110']), '97110');
  assert.equal(clockRange({ start: 602, end: 785 }), '10:02–13:05');
  assert.equal(clockRange({ start: 5, end: 1445 }), '0:05–0:05');
  assert.equal(codeWords('97140', ['GP', '59']), '97140-GP-59');
});

test('days stay what they are in every time zone', () => {
  const zone = process.env.TZ;
  for (const other of ['Pacific/Honolulu', 'Pacific/Kiritimati']) {
    process.env.TZ = other;
    assert.equal(dayWords('2026-11-20'), 'Nov 20, 2026');
    assert.equal(shortDayWords(secondsOf('2026-03-01')), 'Mar 1');
  }
  process.env.TZ = zone;
});

test('a claim is told in sentences', () => {
  const shown = view(claim());
  assert.equal(shown.title, 'Visit of Nov 20, 2026');
  assert.equal(shown.totals, '25 timed minutes, 2 units');
  assert.equal(shown.total, '2 units on the claim');
  assert.deepEqual(shown.facts, [
    { term: 'Payer', words: 'medicare' },
    { term: 'Session', words: '10:00–11:00, 60 minutes' },
    { term: 'Treatment', words: '25 minutes in all' },
    { term: 'Units counted', words: 'by the CMS 8-minute rule, all timed minutes together' },
  ]);
  assert.deepEqual(shown.shares, [{ code: '97124', minutes: 25, whole: 1, left: 10, units: 2 }]);
  assert.deepEqual(shown.copy, { possible: true, words: '' });
  assert.equal(shown.announcement, '2 units on the claim. Nothing is open.');
});

test('a visit without a date, a known payer or a code says so', () => {
  const shown = view(
    claim({ date: null, payer: 'default', payerWords: 'Acme (not known to Soapstone)', patient: '10234', provider: 'A. Rivera, LMT', referral: '12 visits', authorization: 'A-77', session: null, blocks: [], lines: [], allocations: [], totalMinutes: 0, copy: '' }),
  );
  assert.equal(shown.title, 'Visit without a date');
  assert.equal(shown.totals, 'No timed or billed block was read in this visit.');
  assert.deepEqual(shown.facts, [
    { term: 'Patient', words: '10234' },
    { term: 'Payer', words: 'Acme (not known to Soapstone)' },
    { term: 'Provider', words: 'A. Rivera, LMT' },
    { term: 'Referral', words: '12 visits' },
    { term: 'Authorization', words: 'A-77' },
  ]);
  assert.equal(shown.announcement, '');
});

test('while minutes are missing no units are promised', () => {
  const shown = view(
    claim({
      incomplete: true,
      timedMinutes: 0,
      timedUnits: 0,
      blocks: [block('97124', null)],
      lines: [{ code: '97124', modifiers: [], units: 0, minutes: 0, incomplete: true, pointers: ['A'] }],
      copy: '',
    }),
  );
  assert.equal(shown.totals, 'No timed minutes yet; the units are not final');
  assert.equal(shown.lines[0]?.units, 'open');
  assert.equal(shown.blocks[0]?.words, 'minutes missing');
  assert.deepEqual(shown.shares, []);
  assert.equal(shown.copy.possible, false);
  assert.match(shown.copy.words, /when every timed code has its minutes/);
});

test('a line without a unit is not billed, and every line leads to its block', () => {
  const blocks = [
    block('97140', 25, undefined, { modifiers: ['GP'], place: at(3) }),
    block('97140', 4, undefined, { modifiers: ['GP', '59'], place: at(7) }),
  ];
  const line = { code: '97140', minutes: 4, incomplete: false, pointers: [] };
  const shown = view(
    claim({
      blocks,
      lines: [
        { ...line, modifiers: ['GP', '59'], units: 0 },
        { ...line, modifiers: ['GP'], units: 2 },
      ],
    }),
  );
  assert.equal(shown.lines[0]?.units, '0, not billed');
  assert.deepEqual(shown.lines[0]?.place?.place, at(7));
  assert.deepEqual(shown.lines[1]?.place?.place, at(3));
});

test('the other right ways to share the units are named, but not dozens of them', () => {
  const way = (first: number): { code: string; units: number }[] => [
    { code: '97110', units: first },
    { code: '97124', units: 1 - first },
  ];
  const two = view(claim({ allocations: [way(1), way(0)], chosen: 1 }));
  assert.deepEqual(two.others, ['1 of 97110']);
  const many = view(claim({ allocations: Array.from({ length: 9 }, () => way(1)), chosen: 0 }));
  assert.equal(many.others.length, 6);
  assert.equal(many.others.at(-1), 'and 3 more ways');
});

test('the claims that nobody copied are listed, but not hundreds of them', () => {
  const days = Array.from({ length: 14 }, (_, day) => waiting(`2026-11-${String(day + 10)}`));
  const shown = waitingList([...days, waiting(null, { incomplete: true, units: 0 })]);
  assert.equal(shown.rows.length, 10);
  assert.equal(shown.more, 'and 5 earlier visits');
  assert.equal(shown.press, 'Copy all 14');
  assert.deepEqual(waitingList([waiting(null, { units: 0 })]).press, '');
  assert.equal(waitingList([waiting('2026-11-20', { errors: 2 })]).rows[0]?.state, '2 errors');
});

test('what is copied is told', () => {
  assert.equal(copiedWords(1), '1 claim line is on the clipboard.');
  assert.equal(copiedWords(3), '3 claim lines are on the clipboard.');
  assert.equal(copiedWords(0), 'There was nothing to copy.');
});

test('the course has a plot, a sentence and a table for each measure', () => {
  const shown = courseView({
    pain: [
      { date: '2026-08-31', worst: 7, least: 7 },
      { date: '2026-09-07', worst: 3, least: 1 },
    ],
    painTarget: 3,
    measures: [
      { activity: 'sit', unit: 'minutes', target: 60, values: [{ date: '2026-09-07', value: 40 }] },
      { activity: 'lift', unit: 'pounds', target: 40, values: [] },
    ],
  });
  assert.deepEqual(shown.plots.map(plot => plot.name), ['Pain out of 10', 'Sit, minutes']);
  assert.equal(shown.plots[0]?.words, 'from 7 on Aug 31, 2026 to 1 to 3 on Sep 7, 2026; the goal is 3 or less');
  assert.equal(shown.plots[0]?.lines.length, 2);
  assert.equal(shown.plots[1]?.words, '40 on Sep 7, 2026; the goal is 60');
  assert.deepEqual(shown.span, [secondsOf('2026-08-31'), secondsOf('2026-09-07')]);
  assert.deepEqual(shown.table, {
    columns: ['Pain out of 10 (goal 3)', 'Sit, minutes (goal 60)'],
    rows: [
      { day: 'Aug 31, 2026', cells: ['7', ''] },
      { day: 'Sep 7, 2026', cells: ['1 to 3', '40'] },
    ],
  });
});
