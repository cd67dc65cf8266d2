// The extension's commands, its settings, and a server that ends without having been asked to.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');
const { EXTENSION, NOTES, note, front, until, run, setting, servers, started, closeAll } = require('./desk.cjs');

const CHART = `payer: commercial
provider: A. Rivera, LMT
dx: M54.50 low back pain; M62.830

visit: 2026-11-20
session: 10:00-10:50
S: Low back pain 6/10 after sitting.
O: Hypertonic lumbar paraspinals.

97124 lumbar 10:02-10:27
  technique: effleurage, petrissage
97110 lumbar 10:27-10:42

A: Sitting tolerance now 40 minutes.
P: Weekly for 4 weeks.
`;

let extension;
let commands;
before(async () => {
  extension = await started();
  commands = await vscode.commands.getCommands(true);
});

/** A test of a command; a version of the extension without it is told, not passed over. */
function command(name, what, body) {
  it(`${what} (${name})`, async () => {
    assert.ok(commands.includes(name), `${name} is not among the commands: ${commands.filter((c) => c.startsWith('soapstone.')).join(', ')}`);
    await body();
  });
}

describe('commands', () => {
  afterEach(closeAll);

  it('of the palette are all there, each with a name in words', () => {
    const offered = extension.packageJSON.contributes.commands;
    for (const { command: name, title } of offered) {
      assert.ok(commands.includes(name), name);
      assert.match(title, /^[A-Z]/, name);
    }
  });

  command('soapstone.restart', 'restart the server', async () => {
    const chart = await note(CHART);
    await chart.finding('missing-goal');
    const [before] = servers();
    await run('soapstone.restart');
    await until('another server', () => servers().length === 1 && servers()[0] !== before);
    await chart.replace('10:27-10:42', '10:27-10:32');
    await chart.finding('under-eight-minutes');
  });

  command('soapstone.openSampleNote', 'open the sample note with its findings', async () => {
    await run('soapstone.openSampleNote');
    await until('a note in front', () => vscode.window.activeTextEditor?.document.languageId === 'soapnote');
    assert.match(front().text, /^patient: \d+$/m);
    await until('findings', () => front().findings().length > 0);
  });

  command('soapstone.nextVisit', 'begin the next visit', async () => {
    const chart = await note(CHART);
    await chart.finding('missing-goal');
    const lenses = await run('vscode.executeCodeLensProvider', chart.uri, 20);
    const { command: pressed } = lenses.find((l) => l.command.title === 'next visit');
    assert.equal(pressed.command, 'soapstone.nextVisit');
    await run(pressed.command, ...pressed.arguments);
    await until(() => `a second visit: ${chart.text}`, () => chart.text.match(/^visit:/gm).length === 2);
    assert.match(chart.text, /^97124 lumbar ___/m);
    // Its blanks are tab stops, and the first one is selected.
    await until('a blank is selected', () => chart.document.getText(chart.editor.selection) === '___');
    const first = chart.editor.selection.start;
    await run('jumpToNextSnippetPlaceholder');
    await until('the next blank', () => chart.editor.selection.start.isAfter(first) && chart.document.getText(chart.editor.selection) === '___');
    assert.doesNotMatch(chart.text.slice(chart.text.lastIndexOf('visit:')), /\d:\d\d/, 'the times of the last visit are not those of this one');
  });

  command('soapstone.newNote', 'begin a note that has a blank for all that it needs', async () => {
    await run('soapstone.newNote');
    const made = await until('a note in front', () => vscode.window.activeTextEditor?.document.languageId === 'soapnote' && vscode.window.activeTextEditor.document.lineCount > 5 && vscode.window.activeTextEditor);
    const chart = front();
    const program = path.join(EXTENSION, 'server/soapstone');
    assert.equal(chart.text, execFileSync(program, ['new'], { encoding: 'utf8' }));
    for (const line of [/^patient:/m, /^payer:/m, /^dx:/m, /^goal 1:/m, /^visit: \d/m, /^___ ___ ___ min$/m, /^S:/m, /^O:/m, /^A:/m, /^P:/m]) assert.match(chart.text, line);
    assert.equal(chart.document.getText(made.selection), '___');
    assert.equal(made.selection.start.line, 0);
    await run('jumpToNextSnippetPlaceholder');
    await until('the next blank', () => made.selection.start.line === 1);
    await run('workbench.action.revertAndCloseActiveEditor');
  });

  command('soapstone.nextBlank', 'go from blank to blank', async () => {
    const chart = await note('payer: medicare\n\nvisit: 2026-11-20\nS: sore ___ and ___\nP: ___\n');
    await chart.finding('unfilled-placeholder');
    chart.cursor('payer');
    for (const behind of ['S: sore ', 'and ', 'P: ']) {
      await run('soapstone.nextBlank');
      await until(() => `the blank behind ${behind}`, () => chart.editor.selection.start.isEqual(chart.at(`${behind}___`, behind.length)));
      assert.equal(chart.document.getText(chart.editor.selection), '___');
    }
  });

  command('soapstone.print', 'make the page that is printed', async () => {
    await setting('soapstone.payer', 'aetna');
    try {
      const chart = await note(CHART.replace('payer: commercial\n', ''));
      await chart.finding('missing-goal');
      const page = await extension.exports.page(chart.document, '2026-11-20');
      assert.match(page, /^<!DOCTYPE html>/);
      assert.match(page, /97124/);
      // The payer of the editor's settings, which the program does not know by itself.
      assert.match(page, /aetna/i);
    } finally {
      await setting('soapstone.payer', undefined);
    }
  });

  command('soapstone.copyClaimLines', 'copy the claim lines of the visit at the cursor', async () => {
    const chart = await note(CHART);
    await chart.finding('missing-goal');
    chart.cursor('97110 lumbar');
    await vscode.env.clipboard.writeText('nothing');
    await run('soapstone.copyClaimLines');
    await until('the lines', async () => (await vscode.env.clipboard.readText()) !== 'nothing');
    assert.equal(
      await vscode.env.clipboard.readText(),
      'Date\tPatient\tCode\tModifiers\tUnits\tPointers\tDiagnoses\n2026-11-20\t\t97124\t\t2\tAB\tM54.50 M62.830\n2026-11-20\t\t97110\t\t1\tAB\tM54.50 M62.830\n',
    );
  });

  command('soapstone.explainRule', 'explain a rule on a page', async () => {
    await run('soapstone.explainRule', 'missing-goal');
    await until('its page', () => vscode.window.tabGroups.all.flatMap((g) => g.tabs).some((t) => /missing-goal/.test(t.label)));
  });

  command('soapstone.showClaim', 'show the claim beside the note', async () => {
    const chart = await note(CHART);
    await chart.finding('missing-goal');
    chart.cursor('97124 lumbar');
    await run('soapstone.showClaim');
    await until('the panel', () => vscode.window.tabGroups.all.flatMap((g) => g.tabs).some((t) => t.input instanceof vscode.TabInputWebview));
  });

  it('stand above the visit to be pressed', async () => {
    const chart = await note(CHART);
    await chart.finding('missing-goal');
    const lenses = await run('vscode.executeCodeLensProvider', chart.uri, 20);
    const known = await vscode.commands.getCommands(true);
    assert.deepEqual(lenses.map((l) => l.command.title), ['show claim (commercial)', 'copy claim lines', 'next visit']);
    for (const lens of lenses) assert.ok(known.includes(lens.command.command), lens.command.command);
  });
});

describe('the server', () => {
  afterEach(closeAll);

  it('is one process for all notes', async () => {
    await note(CHART);
    await (await note(CHART)).finding('missing-goal');
    assert.equal(servers().length, 1);
  });

  it('comes back after a crash, and no word of the note is lost', async () => {
    const chart = await note(CHART);
    await chart.finding('missing-goal');
    await chart.replace('Weekly for 4 weeks', 'Weekly for 6 weeks');
    const [pid] = servers();
    process.kill(pid, 'SIGKILL');
    await until('another server', () => servers().length === 1 && servers()[0] !== pid);
    await chart.replace('10:27-10:42', '10:27-10:32');
    await chart.finding('under-eight-minutes');
    assert.equal(chart.document.isDirty, true);
    assert.ok(chart.text.includes('Weekly for 6 weeks'));
  });
});

describe('settings', () => {
  afterEach(closeAll);

  it('change what is found at once', async () => {
    const chart = await note(CHART);
    await chart.finding('missing-goal');
    await setting('soapstone.rules', { 'missing-goal': 'off' });
    try {
      await chart.gone('missing-goal');
    } finally {
      await setting('soapstone.rules', undefined);
    }
    await chart.finding('missing-goal');
  });

  it('choose which hints are shown', async () => {
    const chart = await note(CHART);
    await until('hints of units', async () => (await chart.hints()).some((h) => /unit/.test(h)));
    await setting('soapstone.hints.units', false);
    try {
      await until('no hints of units', async () => !(await chart.hints()).some((h) => /units?$/.test(h)));
    } finally {
      await setting('soapstone.hints.units', undefined);
    }
  });

  it('that cannot be understood leave everything else as it is', async () => {
    const chart = await note(CHART);
    await chart.finding('missing-goal');
    await setting('soapstone.payer', 'no such payer');
    await setting('soapstone.rules', { 'no-such-rule': 'loud', 'missing-goal': 'off' });
    try {
      await chart.gone('missing-goal');
      await chart.replace('10:27-10:42', '10:27-10:32');
      await chart.finding('under-eight-minutes');
    } finally {
      await setting('soapstone.payer', undefined);
      await setting('soapstone.rules', undefined);
    }
  });

  it('of a server that is not there are told, and the notes stay as they are', async () => {
    const chart = await note(CHART);
    await chart.finding('missing-goal');
    await setting('soapstone.server.path', '/no/such/soapstone');
    try {
      await run('soapstone.restart').then(undefined, () => {});
      await until('no server', () => servers().length === 0);
      assert.equal(chart.text, CHART);
    } finally {
      await setting('soapstone.server.path', undefined);
    }
    await run('soapstone.restart');
    await until('the server', () => servers().length === 1);
    await chart.replace('10:27-10:42', '10:27-10:32');
    await chart.finding('under-eight-minutes');
  });

  it('of soapstone.toml hold for the notes beside it', async () => {
    const chart = await note(CHART, 'clinic/visit.soap');
    await chart.finding('missing-goal');
    const file = path.join(NOTES, 'clinic/soapstone.toml');
    fs.writeFileSync(file, '[rules]\nmissing-goal = "off"\n');
    await chart.gone('missing-goal');
    fs.rmSync(file);
    await chart.finding('missing-goal');
  });
});
