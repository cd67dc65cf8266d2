import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';

import { blankAhead } from '../../src/blank';
import { Copied, together } from '../../src/claim/copied';
import { Crashes } from '../../src/crashes';
import { payerChoices, payerInNote, payerInSettingsFile } from '../../src/payers';
import { learnRules, pagesHere } from '../../src/rules';
import { REPLACED_KEYS, errorWords, shortStatus, tooltip, unused, unusedWords, type Status } from '../../src/status';
import { toml } from '../../src/toml';

const here = path.resolve(__dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(here, 'package.json'), 'utf8'));

test('the payers to choose from', () => {
  const payer = (name: string, title: string, own: boolean) => ({ name, title, about: `what is known of ${name}`, own });
  const payers = [payer('default', 'default', false), payer('auto', 'An auto insurer', false), payer('premera', 'premera', false), payer('harbor', 'harbor', true)];
  assert.deepEqual(payerChoices(payers, 'auto'), [
    { label: 'harbor', description: 'described in your settings', detail: 'what is known of harbor', payer: 'harbor' },
    { label: '$(check) An auto insurer', description: 'auto', detail: 'what is known of auto', payer: 'auto' },
    { label: 'premera', description: '', detail: 'what is known of premera', payer: 'premera' },
  ]);
});

test('the payer of a note', () => {
  const edited = (text: string) => {
    const lines = text.split('\n');
    const edit = payerInNote(lines, 'medicare');
    lines.splice(edit.start, edit.end - edit.start, edit.text);
    return lines.join('\n');
  };
  assert.equal(edited('patient: 1\nInsurance: Regence\n\nvisit: 2026-11-20'), 'patient: 1\npayer: medicare\n\nvisit: 2026-11-20');
  assert.equal(edited('patient: 1\nvisit: 2026-11-20'), 'patient: 1\npayer: medicare\nvisit: 2026-11-20');
  assert.equal(edited('// mine\ndx: M54.2'), '// mine\npayer: medicare\ndx: M54.2');
  assert.equal(edited(''), 'payer: medicare\n');
  // The last visit's own line, and what is indented below it.
  assert.equal(edited('payer: auto\nvisit: 1/2/26\npayer: x\nvisit: 1/9/26\npayer: auto\n  of Ohio\nS: x'), 'payer: auto\nvisit: 1/2/26\npayer: x\nvisit: 1/9/26\npayer: medicare\nS: x');
  assert.equal(edited('visit: 1/2/26\npayer: auto\n97124 10 min'), 'visit: 1/2/26\npayer: medicare\n97124 10 min');
  // A visit before the last does not count for the last.
  assert.equal(edited('visit: 1/2/26\npayer: auto\nvisit: 1/9/26'), 'payer: medicare\nvisit: 1/2/26\npayer: auto\nvisit: 1/9/26');
});

test('the payer of a settings file', () => {
  assert.equal(payerInSettingsFile('', 'auto'), 'payer = "auto"\n');
  assert.equal(payerInSettingsFile('payer = "medicare"  # most of them\r\n\r\n[rules]\r\n', 'auto'), 'payer = "auto" # most of them\r\n\r\n[rules]\r\n');
  assert.equal(payerInSettingsFile('# Ours.\n\n[rules]\n', 'auto'), '# Ours.\npayer = "auto"\n\n[rules]\n');
  assert.equal(payerInSettingsFile('[payers.x]\npayer = 1\n', 'x'), 'payer = "x"\n[payers.x]\npayer = 1\n');
});

test('links to the pages of rules stay on this computer, others are left alone', () => {
  learnRules([{ name: 'missing-goal', group: 'documentation', summary: 'Finds a visit without a goal.' }]);
  assert.equal(pagesHere('[More](https://soapstone.example/rules/missing-goal).'), '[More](command:soapstone.explainRule?%5B%22missing-goal%22%5D).');
  const other = '[CMS](https://soapstone.example/manual/chapter-5)';
  assert.equal(pagesHere(other), other);
});

test('the status in words', () => {
  const status: Status = { payer: 'medicare', payerTitle: 'medicare', counting: 'cms', countingWords: 'by the CMS 8-minute rule', date: '2026-11-20', errors: 2, settingsFile: null, version: '0.1.0' };
  assert.equal(shortStatus(status), 'Medicare, 8-minute rule');
  assert.equal(shortStatus({ ...status, payerTitle: 'payer not known', counting: 'ama' }), 'Payer not known, midpoint rule');
  assert.equal(tooltip(status), 'Units are counted by the CMS 8-minute rule. Click to choose who pays.');
  assert.match(tooltip({ ...status, settingsFile: 'C:\\notes\\soapstone.toml' }), / Settings of soapstone\.toml\. /);
  assert.match(errorWords(status), /^2 errors in the visit of Nov 20, 2026\./);
  assert.match(errorWords({ ...status, date: null, errors: 1 }), /^1 error in this visit\./);
});

test('Tab goes to a blank below, and indents at the beginning of a line', () => {
  const text = 'dx: ___\nS: sore\n  ___\n';
  const ahead = (words: string, length = 0) => blankAhead(text, text.indexOf(words), text.indexOf(words) + length);
  assert(ahead('x: '), 'in a line with a blank');
  assert(ahead('___', 3), 'on a blank');
  assert(ahead('ore'), 'above a blank');
  assert(!ahead('dx'), 'at the beginning of a line');
  assert(!ahead('  ___'), 'in the indentation');
  assert(!blankAhead(text, text.lastIndexOf('___'), text.lastIndexOf('___') + 3), 'on the last blank');
  assert(!blankAhead('dx: __ \n', 4, 4), 'two are no blank');
});

test('what was copied is known again until it changes, and no word of a note is kept', async () => {
  const kept = new Map<string, unknown>();
  const memory = { get: (key: string) => kept.get(key), update: async (key: string, value: unknown) => void kept.set(key, value) };
  let told = 0;
  const copied = new Copied(memory);
  copied.onDidChange(() => (told += 1));
  const claim = { id: '2026-11-20 medicare', mark: 'aa' };
  assert(!copied.has('file:///10234.soap', claim));
  await copied.add('file:///10234.soap', [claim, { id: '2026-11-27 medicare', mark: 'bb' }]);
  const later = new Copied(memory);
  assert(later.has('file:///10234.soap', claim));
  assert(!later.has('file:///10234.soap', { ...claim, mark: 'cc' }));
  assert(!later.has('file:///10235.soap', claim));
  assert.equal(told, 1);
  assert.doesNotMatch(JSON.stringify([...kept]), /10234|2026|medicare/);
});

test('several claims are copied under one line of headings', () => {
  assert.equal(together(['Date\tCode\n1\ta\n', '', 'Date\tCode\n2\tb\n2\tc\n']), 'Date\tCode\n1\ta\n2\tb\n2\tc\n');
  assert.equal(together(['']), '');
});

test('settings as a file that the program reads', () => {
  assert.equal(toml({ payer: 'a "b"', rules: { 'missing-goal': 'off' } }), '"payer" = "a \\"b\\""\n"rules" = { "missing-goal" = "off" }\n');
  assert.equal(toml({ payers: { x: { accepts: ['97140', '97124'], ncci: true } } }), '"payers" = { "x" = { "accepts" = ["97140", "97124"], "ncci" = true } }\n');
});

test('settings that a soapstone.toml takes the place of are named', () => {
  const words = (set: string[]) => unusedWords(unused((key) => set.includes(key)), '/notes/soapstone.toml');
  assert.deepEqual(unused(() => false), []);
  assert.match(words(['payer']), /Your own setting "Payer" is not used here\.$/);
  assert.match(words(['payer', 'rules', 'hints.goals']), /settings "Payer", "Rules" and "Hints: Goals" are not used here\.$/);
  const known = Object.keys(manifest.contributes.configuration.properties).map((key) => key.replace('soapstone.', ''));
  // Whether charts that are not open are looked at is the editor's alone; the rest is about the program.
  const own = ['workspace', 'server.path', 'trace.server'];
  assert.deepEqual(known.filter((key) => !own.includes(key)).sort(), [...REPLACED_KEYS].sort());
});

test('a server that crashes again and again stays stopped until the reader starts it', () => {
  const crashes = new Crashes(2, 1000);
  assert(crashes.again(0) && crashes.again(10));
  assert(!crashes.again(20));
  assert(crashes.again(2000));
  crashes.forget();
  assert(crashes.again(2001) && crashes.again(2002));
});

test('everything the manifest names is there', () => {
  const files: string[] = [manifest.icon];
  for (const language of manifest.contributes.languages) {
    files.push(language.configuration, language.icon.light, language.icon.dark);
  }
  files.push(...manifest.contributes.grammars.map((grammar: { path: string }) => grammar.path));
  const steps = manifest.contributes.walkthroughs.flatMap((w: { steps: unknown[] }) => w.steps) as { description: string; media: Record<string, string> }[];
  assert.equal(steps.length, 6);
  files.push(...steps.flatMap((step) => Object.entries(step.media).flatMap(([kind, file]) => (kind === 'altText' ? [] : [file]))));
  const pages = [...files.filter((file) => file.endsWith('.md')), 'README.md'];
  for (const page of pages) {
    const pictures = readFileSync(path.join(here, page), 'utf8').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g);
    files.push(...[...pictures].map(([, file = '']) => path.join(path.dirname(page), file)));
  }
  for (const file of files) {
    assert(readFileSync(path.join(here, file)).length > 0, file);
  }
  const commands = new Set(manifest.contributes.commands.map((command: { command: string }) => command.command));
  const pressed = JSON.stringify(steps).matchAll(/command:(soapstone\.\w+)/g);
  for (const [, command] of pressed) {
    assert(commands.has(command), command);
  }
  for (const menu of manifest.contributes.menus.commandPalette) {
    assert(commands.has(menu.command), menu.command);
  }
});
