import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';

import { loadWASM, OnigScanner, OnigString } from 'vscode-oniguruma';
import { INITIAL, Registry, parseRawGrammar } from 'vscode-textmate';

/** What the tree-sitter grammar captures, and the scope that stands for it here. */
const SCOPES: Record<string, string> = {
  'markup.heading.1': 'markup.heading.1.soapnote',
  'markup.heading.2': 'markup.heading.2.soapnote',
  'string.special': 'constant.other.date.soapnote',
  property: 'entity.name.tag.soapnote',
  function: 'entity.name.function.soapnote',
  attribute: 'entity.other.attribute-name.soapnote',
  number: 'constant.numeric.soapnote',
  label: 'constant.other.diagnosis.soapnote',
  'punctuation.delimiter': 'punctuation.separator.soapnote',
  'punctuation.bracket': 'punctuation.section.brackets.soapnote',
  comment: 'comment.line.double-slash.soapnote',
};

/** Line from 0, first and last UTF-16 column, capture. */
type Span = [number, number, number, string];

const here = path.resolve(__dirname, '../..');
const file = path.join(here, 'syntaxes/soapnote.tmLanguage.json');

async function loadGrammar() {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new OnigScanner(patterns),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(readFileSync(file, 'utf8'), file),
  });
  const grammar = await registry.loadGrammar('text.soapnote');
  assert(grammar);
  return grammar;
}

test('the grammar colours every span of the sample notes as the tree-sitter grammar does', async (t) => {
  const dump = process.env['SOAPSTONE_HIGHLIGHTS'];
  if (!dump) {
    t.skip('SOAPSTONE_HIGHLIGHTS names no file; `cargo xtask test` makes one with `cargo xtask highlights`');
    return;
  }
  const grammar = await loadGrammar();
  const notes = JSON.parse(readFileSync(dump, 'utf8')) as { text: string; name: string; spans: Span[] }[];
  assert(notes.length > 100, `only ${notes.length} notes`);
  assert(notes.some((note) => note.name.endsWith('shapes.soap')), 'the note of shapes is missing');
  const scopes = new Set(Object.values(SCOPES));
  const wrong: string[] = [];
  let compared = 0;
  for (const note of notes) {
    const lines = note.text.split(/\r\n|\r|\n/);
    const wanted = note.spans.map(([line, start, end, capture]) => {
      const scope = SCOPES[capture];
      assert(scope, `@${capture} has no scope here`);
      return `${line + 1}:${start}-${end} ${scope}`;
    });
    const found: string[] = [];
    let stack = INITIAL;
    lines.forEach((line, index) => {
      const result = grammar.tokenizeLine(line, stack);
      stack = result.ruleStack;
      for (const token of result.tokens) {
        const scope = token.scopes.find((name) => scopes.has(name));
        if (scope) {
          found.push(`${index + 1}:${token.startIndex}-${Math.min(token.endIndex, line.length)} ${scope}`);
        }
      }
    });
    compared += wanted.length;
    for (const span of wanted.filter((span) => !found.includes(span))) {
      wrong.push(`${note.name}:${span} is missing: ${lines[parseInt(span) - 1]}`);
    }
    for (const span of found.filter((span) => !wanted.includes(span))) {
      wrong.push(`${note.name}:${span} is too much: ${lines[parseInt(span) - 1]}`);
    }
  }
  assert.deepEqual(wrong.slice(0, 40), []);
  // Each capture has to be seen at least once, or the table above proves nothing.
  const seen = new Set(notes.flatMap((note) => note.spans.map((span) => span[3])));
  assert.deepEqual([...seen].sort(), Object.keys(SCOPES).sort());
  t.diagnostic(`${compared} spans of ${notes.length} notes`);
});

test('the written grammar is that of grammar.mjs', async () => {
  const made = (await import(path.join(here, 'syntaxes/grammar.mjs'))) as { grammar: unknown };
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), made.grammar, 'run `npm run grammar`');
});
