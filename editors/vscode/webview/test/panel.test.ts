import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { movedLine } from '../../src/claim/anchor';
import { document } from '../../src/claim/document';
import { Latest } from '../../src/claim/latest';
import { fromPage } from '../../src/claim/protocol';
import { at } from './claims';

/** Lets what is promised come true. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) {
    await Promise.resolve();
  }
};

test('only the latest question is asked after a pause', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  try {
    const asked: number[] = [];
    const shown: number[] = [];
    const latest = new Latest<number, number>(
      async question => (asked.push(question), question),
      answer => shown.push(answer),
      () => assert.fail('nothing fails here'),
    );
    for (const question of [1, 2, 3]) {
      latest.soon(question);
      mock.timers.tick(50);
    }
    assert.deepEqual(asked, []);
    mock.timers.tick(100);
    await settle();
    assert.deepEqual([asked, shown], [[3], [3]]);
  } finally {
    mock.timers.reset();
  }
});

test('somebody who never pauses sees the picture follow all the same', () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  try {
    const asked: number[] = [];
    const latest = new Latest<number, number>(
      async question => (asked.push(question), question),
      () => undefined,
      () => undefined,
    );
    for (let key = 0; key < 20; key++) {
      latest.soon(key);
      mock.timers.tick(60);
    }
    assert.ok(asked.length >= 2, `asked ${asked.length} times`);
  } finally {
    mock.timers.reset();
  }
});

test('an answer that comes late is not shown', async () => {
  const answers = new Map<number, (answer: number) => void>();
  const aborted: number[] = [];
  const shown: number[] = [];
  const latest = new Latest<number, number>(
    (question, signal) => {
      signal.addEventListener('abort', () => aborted.push(question));
      return new Promise(resolve => answers.set(question, resolve));
    },
    answer => shown.push(answer),
    () => assert.fail('nothing fails here'),
  );
  const first = latest.now(1);
  const second = latest.now(2);
  answers.get(2)!(2);
  answers.get(1)!(1);
  await Promise.all([first, second]);
  assert.deepEqual([shown, aborted], [[2], [1]]);
});

test('a failure is told only while it is the latest', async () => {
  let failures = 0;
  const fails = new Latest<boolean, number>(
    async good => {
      if (!good) {
        throw new Error('the server ended');
      }
      return 1;
    },
    () => undefined,
    () => (failures += 1),
  );
  await Promise.all([fails.now(false), fails.now(true)]);
  assert.equal(failures, 0);
  await fails.now(false);
  assert.equal(failures, 1);
});

test('the heading is found again after what is typed above it', () => {
  const change = (from: [number, number], to: [number, number], text: string) => ({
    range: { start: { line: from[0], character: from[1] }, end: { line: to[0], character: to[1] } },
    text,
  });
  assert.equal(movedLine(10, [change([2, 5], [2, 5], '\ndx: M54.50\n')]), 12);
  assert.equal(movedLine(10, [change([2, 0], [5, 0], '')]), 7);
  assert.equal(movedLine(10, [change([12, 0], [13, 0], '')]), 10);
  assert.equal(movedLine(10, [change([10, 3], [10, 4], 'x\n')]), 10);
  assert.equal(movedLine(10, [change([10, 0], [10, 0], 'A: better\n')]), 11);
  assert.equal(movedLine(10, [change([8, 0], [12, 0], '')]), 8);
  assert.equal(movedLine(10, [change([11, 0], [11, 0], '\n'), change([1, 0], [2, 0], '')]), 9);
});

test('only what a page says is heard', () => {
  assert.deepEqual(fromPage({ kind: 'copy', more: 1 }), { kind: 'copy' });
  assert.deepEqual([fromPage({ kind: 'print' }), fromPage({ kind: 'copyAll' })], [{ kind: 'print' }, { kind: 'copyAll' }]);
  assert.deepEqual(fromPage({ kind: 'go', place: at(3) }), { kind: 'go', place: at(3) });
  for (const other of [null, 'copy', {}, { kind: 'run' }, { kind: 'go' }, { kind: 'go', place: null }]) {
    assert.equal(fromPage(other), undefined);
  }
  assert.equal(fromPage({ kind: 'go', place: { start: { line: -1, character: 0 }, end: { line: 0, character: 0 } } }), undefined);
});

test('the page may run its own script and load its own style, and nothing else', () => {
  const page = document({ source: 'https://own.example', script: 'own.js', style: 'own.css', nonce: 'n1' });
  const policy = /content="(default-src[^"]*)"/.exec(page)?.[1];
  assert.equal(
    policy,
    "default-src 'none'; script-src 'nonce-n1'; style-src https://own.example; base-uri 'none'; form-action 'none'",
  );
  assert.equal(page.match(/<script/g)?.length, 1);
  assert.match(page, /<script nonce="n1" src="own.js">/);
});
