import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';

import { Crashes } from '../../src/crashes';
import { payerChoices, payerInNote, payerInSettingsFile } from '../../src/payers';
import { learnRules, pagesHere } from '../../src/rules';
import { REPLACED_KEYS, shortStatus, source, unused, unusedWords, type Status } from '../../src/status';

const here = path.resolve(__dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(here, 'package.json'), 'utf8'));

test('the payers to choose from', () => {
  const payer = (name: string, title: string, own: boolean) => ({ name, title, own });
  const payers = [payer('default', 'default', false), payer('auto', 'An auto insurer', false), payer('premera', 'premera', false), payer('harbor', 'harbor', true)];
  assert.deepEqual(payerChoices(payers, 'auto'), [
    { label: 'harbor', description: 'described in your settings', payer: 'harbor' },
    { label: '$(check) An auto insurer', description: 'auto', payer: 'auto' },
    { label: 'premera', description: '', payer: 'premera' },
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
  const status: Status = { payer: 'medicare', payerTitle: 'medicare', counting: 'cms', countingWords: 'by the CMS 8-minute rule', settingsFile: null, version: '0.1.0' };
  assert.equal(shortStatus(status), 'Medicare, 8-minute rule');
  assert.equal(shortStatus({ ...status, payerTitle: 'payer not known', counting: 'ama' }), 'Payer not known, midpoint rule');
  assert.equal(source(status), '');
  assert.equal(source({ ...status, settingsFile: 'C:\\notes\\soapstone.toml' }), 'soapstone.toml');
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
  assert.equal(steps.length, 5);
  files.push(...steps.flatMap((step) => Object.entries(step.media).flatMap(([kind, file]) => (kind === 'altText' ? [] : [file]))));
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
