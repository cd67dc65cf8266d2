// What the installed extension does in VS Code, feature by feature.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');
const { NOTES, note, until, becomes, run, started, closeAll } = require('./desk.cjs');

const MEDICARE = `patient: 10234
payer: medicare

visit: 2026-11-20
S: Low back pain 6/10, pt c/o LBP 😀 after sitting 30 minutes.
O: Hypertonic lumbar paraspinals, R > L.

97140 lumbar 10:00-10:25
  technique: joint mobilization, myofascial release
  response: pain 6/10 to 4/10
97124 cervical 10:25-10:32
  technique: petrissage

A: Sitting tolerance now 40 minutes.
P: Weekly for 4 weeks.
`;

const UNTIDY = `payer: medicare
provder: A. Rivera, LMT

visit: 2026-11-09
O: 😀 15 min effleurage to lumbar.
  tecnique: x

visit: 2026-11-02
O: b
`;

/** The time is stamped on visits of the day only. */
const today = () => new Date().toLocaleDateString('sv');

const CLEAN = `payer: commercial
provider: A. Rivera, LMT
referral: 2026-10-01 to 2026-12-31, 12 visits, Dr. Okafor
dx: M54.50 low back pain; M62.830
goal 1: sit at desk 60 minutes with pain 3/10 or less by 2026-12-15 (now 30 minutes)

visit: 2026-11-16
session: 10:00-10:30
S: Low back pain 6/10 after sitting.
O: Hypertonic lumbar paraspinals.

97124 lumbar 10:02-10:27
  technique: effleurage, petrissage
  response: pain 6/10 to 4/10

A: Improving toward goal 1; sitting tolerance now 40 minutes.
P: Weekly for 4 weeks.
signed: A. Rivera, LMT 2026-11-16
`;

// Without it nothing else can be tried.
let extension;
before('the extension is installed from the one file and starts by itself when a note is opened', async () => {
  extension = await started();
});

describe('the extension', () => {
  it('knows a note without a name', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'soapnote', content: 'visit: 2026-11-20\n97124 lumbar 25 min\n' });
    await vscode.window.showTextDocument(document);
    await until('a finding', () => vscode.languages.getDiagnostics(document.uri).length > 0);
    await run('workbench.action.revertAndCloseActiveEditor');
  });
});

describe('without any setting', () => {
  for (const [name, value] of [
    ['editor.wordWrap', 'on'],
    ['editor.semanticHighlighting.enabled', true],
    ['editor.inlayHints.enabled', 'on'],
    // VS Code cuts off what stands behind a line after 43 letters, and the units stand last.
    ['editor.inlayHints.maximumLength', 0],
    ['editor.wordBasedSuggestions', 'off'],
    ['editor.formatOnSave', false],
  ]) {
    it(`${name} is ${value} in notes`, () => {
      assert.equal(vscode.workspace.getConfiguration('editor', { languageId: 'soapnote' }).get(name.slice('editor.'.length)), value);
    });
  }
});

describe('assistants', () => {
  it('write nothing between the lines of a note, and are left alone everywhere else', () => {
    const shown = (languageId) => vscode.workspace.getConfiguration('editor', { languageId }).get('inlineSuggest.enabled');
    assert.deepEqual([shown('soapnote'), shown('markdown')], [false, true]);
  });
});

describe('findings', () => {
  after(closeAll);

  it('underline exactly the words they are about', async () => {
    const chart = await note(MEDICARE);
    await becomes(
      [
        'missing-diagnosis error 4: visit: 2026-11-20',
        'missing-goal warning 4: visit: 2026-11-20',
        'missing-session-time warning 4: visit: 2026-11-20',
        'missing-signature info 4: visit: 2026-11-20',
        'therapy-modifier error 8: 97140',
        'massage-with-manual-therapy error 11: 97124',
        'under-eight-minutes error 11: 10:25-10:32',
      ],
      () => chart.findings(),
    );
  });

  it('underline the right words behind an emoji', async () => {
    const chart = await note('visit: 2026-11-20\nS: 😀 é LBP\n97124 lumbar 10:00-10:25 dx M54.5 😀\nsigned: A. Rivera, LMT 2026-11-20\n'.replace('10:00', '😀 10:00'));
    await chart.finding('unbillable-diagnosis');
    assert.ok(chart.findings().includes('unbillable-diagnosis error 3: M54.5'), chart.findings().join('; '));
  });

  it('say why, name the rule and lead to its page', async () => {
    const chart = await note(MEDICARE);
    const finding = await chart.finding('under-eight-minutes');
    assert.match(finding.message, /only 7 minutes and earns no unit/);
    assert.equal(finding.source, 'soapstone');
    assert.match(finding.code.target.toString(), /^soapstone-rule:.*under-eight-minutes/);
  });

  it('show the other line that they speak of', async () => {
    const chart = await note(MEDICARE);
    const finding = await chart.finding('massage-with-manual-therapy');
    assert.deepEqual(finding.relatedInformation.map((r) => [r.message, chart.document.getText(r.location.range)]), [['Manual therapy on the same visit', '97140']]);
  });

  it('come and go while the note is typed', async () => {
    const chart = await note(MEDICARE);
    await chart.finding('under-eight-minutes');
    await chart.replace('10:25-10:32', '10:25-10:45');
    await chart.gone('under-eight-minutes');
    await chart.replace('10:25-10:45', '10:25-10:32');
    await chart.finding('under-eight-minutes');
  });

  it('are none for a note that is as it should be', async () => {
    const chart = await note(CLEAN);
    await until('the hints, so that the note has been read', async () => (await chart.hints()).length > 0);
    await becomes([], () => chart.findings());
  });

  it('stand once for each reason, not once from the server and once from a request', async () => {
    const chart = await note(MEDICARE);
    await chart.finding('under-eight-minutes');
    assert.equal(new Set(chart.findings()).size, chart.findings().length);
  });
});

describe('hints', () => {
  after(closeAll);

  it('show what the minutes earn, behind the words they belong to', async () => {
    const chart = await note(MEDICARE);
    await becomes(
      ['visit: 2026-11-20 | = 32 timed min, 2 units', '97140 lumbar 10:00-10:25 | = 25 min, 2 units', '97124 cervical 10:25-10:32 | = 7 min, 0 units'],
      () => chart.hints(),
    );
  });

  it('follow the typing', async () => {
    const chart = await note(MEDICARE);
    await until('hints', async () => (await chart.hints()).length === 3);
    await chart.replace('10:25-10:32', '10:25-10:40');
    await until('the new units', async () => (await chart.hints()).includes('97124 cervical 10:25-10:40 | = 15 min, 1 unit'));
  });
});

describe('hovers', () => {
  let chart;
  before(async () => {
    chart = await note(MEDICARE);
    await chart.finding('missing-diagnosis');
  });
  after(closeAll);

  for (const [words, underlined, said] of [
    ['97140 lumbar', '97140', /^\*\*97140\*\*: Hands-on manual therapy\.[^]*2 of them for this block[^]*not the text of CPT/],
    ['medicare', 'medicare', /Payer profile \*\*medicare\*\*/],
    ['LBP', 'LBP', /low back pain/],
    ['myofascial', 'myofascial release', /fits 97140/],
    ['cervical', 'cervical', /Region: \*\*cervical\*\*/],
    ['10:25-10:32', '10:25-10:32', /\*\*7 minutes\*\*/],
  ]) {
    it(`explain ${underlined}`, async () => {
      const hovers = await chart.hover(words);
      assert.equal(hovers.length, 1);
      assert.equal(hovers[0].words, underlined);
      assert.match(hovers[0].text, said);
    });
  }

  it('say nothing about ordinary words', async () => {
    assert.deepEqual(await chart.hover('Hypertonic'), []);
  });
});

describe('completion', () => {
  after(closeAll);

  for (const [what, text, behind, label] of [
    ['codes at the start of a line', 'visit: 2026-11-20\n971', '971', '97124'],
    ['payers', 'payer: med', 'payer: med', 'medicare'],
    ['regions behind a code', 'visit: 2026-11-20\n97124 lum', '97124 lum', 'lumbar'],
    ['techniques', 'visit: 2026-11-20\n97124 lumbar 25 min\n  technique: eff', 'technique: eff', 'effleurage'],
    ['modifiers', 'visit: 2026-11-20\n97140-', '97140-', '59'],
    ['diagnoses', 'dx: M54.5', 'dx: M54.5', 'M54.50'],
  ]) {
    it(`offers ${what}`, async () => {
      const chart = await note(text);
      await until(`${label} in the list`, async () => {
        const items = await chart.completions(behind);
        return items.some((item) => (item.label.label ?? item.label).startsWith(label));
      });
    });
  }

  it('offers nothing in the middle of a sentence', async () => {
    const chart = await note('visit: 2026-11-20\nS: Low back pain aft');
    await until('the note is read', async () => (await chart.completions('Low back pain aft')) !== undefined);
    const items = await chart.completions('Low back pain aft');
    assert.deepEqual(items.map((i) => i.label.label ?? i.label), []);
  });
});

/** Chooses among the ways that stand behind the last entry of the light bulb. */
async function hide(chart, range, rule, place) {
  const actions = await chart.actions(range, 'quickfix');
  const last = actions.at(-1);
  assert.equal(last.title, 'Do not show …');
  assert.deepEqual(actions.filter((a) => /Do not show/.test(a.title)), [last]);
  assert.equal(last.command.command, 'soapstone.hideFinding');
  const way = last.command.arguments[0].find((way) => way.rule === rule && way.place === place);
  await extension.exports.hide(extension.exports.client, way);
}

describe('code actions', () => {
  afterEach(closeAll);

  it('fix a finding from the light bulb, and the finding goes', async () => {
    const chart = await note(MEDICARE);
    const finding = await chart.finding('missing-session-time');
    const action = await chart.choose("Add the session's time: 10:00-10:32, from the blocks", finding.range, 'quickfix');
    assert.equal(action.isPreferred, true);
    assert.ok(chart.text.includes('visit: 2026-11-20\nsession: 10:00-10:32\n'), chart.text);
    await chart.gone('missing-session-time');
  });

  it('fix two lines at once, and undo is one step', async () => {
    const chart = await note(MEDICARE);
    const finding = await chart.finding('therapy-modifier');
    await chart.choose('Add modifier GP to 97140 and 97124', finding.range, 'quickfix');
    assert.match(chart.text, /^97140-GP lumbar[^]*^97124-GP cervical/m);
    await chart.gone('therapy-modifier');
    await run('undo');
    assert.equal(chart.text, MEDICARE);
  });

  it('hide a finding in the visit or in the chart', async () => {
    const chart = await note(MEDICARE);
    const { range } = await chart.finding('missing-goal');
    await hide(chart, range, 'missing-goal', 'here');
    assert.match(chart.text, /^waive: missing-goal because ___$/m);
    await chart.gone('missing-goal');
    await hide(chart, range, 'missing-diagnosis', 'chart');
    assert.match(chart.text, /^payer: medicare\nwaive: missing-diagnosis because ___$/m);
    await chart.gone('missing-diagnosis');
  });

  it('hide a finding in every note of the folder by writing soapstone.toml', async () => {
    const chart = await note(MEDICARE, 'clinic/visit.soap');
    const file = path.join(NOTES, 'clinic/soapstone.toml');
    fs.writeFileSync(file, '');
    const { range } = await chart.finding('missing-goal');
    await hide(chart, range, 'missing-goal', 'project');
    await until('the file is saved', () => /missing-goal = "off"/.test(fs.readFileSync(file, 'utf8')));
    await chart.gone('missing-goal');
    fs.rmSync(file);
    await chart.finding('missing-goal');
  });

  it('begin the next visit', async () => {
    const chart = await note(CLEAN);
    const at = chart.cursor('P: Weekly');
    await chart.choose(/^Add a visit for \d{4}-\d\d-\d\d with the codes of the last visit/, new vscode.Range(at, at), 'refactor');
    assert.match(chart.text, /signed: A\. Rivera, LMT 2026-11-16\n\nvisit: \d{4}-\d\d-\d\d\n[^]*^97124 lumbar ___$/m);
  });

  it('stamp the time on a block', async () => {
    const chart = await note(`visit: ${today()}\n97124 lumbar\n  technique: petrissage\n`);
    await chart.finding('missing-diagnosis');
    const at = chart.cursor('97124 lumbar');
    await chart.choose(/^Stamp the time: start \d/, new vscode.Range(at, at), 'refactor');
    assert.match(chart.text, /^97124 lumbar \d+:\d\d-/m);
  });

  it('make a sentence a timed block', async () => {
    const chart = await note(UNTIDY.replace('  tecnique: x\n', ''));
    await chart.finding('uncoded-minutes');
    const at = chart.cursor('effleurage');
    await chart.choose('Make this a timed block of 97124 (massage)', new vscode.Range(at, at), 'refactor.rewrite');
    assert.match(chart.text, /^97124 lumbar 15 min\n {2}technique: /m);
  });

  it('mend all misspelt names at once', async () => {
    const chart = await note(UNTIDY);
    await chart.finding('misspelt-field');
    await chart.choose('Correct all misspelled names, headings and date forms', chart.whole(), 'source.fixAll');
    assert.ok(chart.text.includes('provider: A. Rivera') && chart.text.includes('  technique: x'), chart.text);
    await chart.gone('misspelt-field');
  });

  it('put the visits in order by date', async () => {
    const chart = await note(UNTIDY);
    await chart.finding('visit-order');
    await chart.choose('Put the visits in order by date', chart.whole(), 'source.organizeVisits');
    assert.ok(chart.text.indexOf('2026-11-02') < chart.text.indexOf('2026-11-09'), chart.text);
    await chart.gone('visit-order');
  });

  it('are done on saving if the person has chosen so, and only then', async () => {
    const chart = await note(UNTIDY);
    await chart.finding('misspelt-field');
    await chart.replace('O: b', 'O: c');
    await chart.document.save();
    assert.ok(chart.text.includes('provder'), 'saving alone changes no word');
    const config = vscode.workspace.getConfiguration('editor');
    await config.update('codeActionsOnSave', { 'source.fixAll': 'explicit' }, vscode.ConfigurationTarget.Global);
    try {
      await chart.replace('O: c', 'O: d');
      await chart.document.save();
      assert.ok(chart.text.includes('provider: A. Rivera'), chart.text);
    } finally {
      await config.update('codeActionsOnSave', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});

describe('importing', () => {
  afterEach(closeAll);
  const OTHERS = `Patient: 10234
Date of Service: 11/20/2026
Subjective: Neck pain 6/10 after driving.
Objective: Rotation R 50 degrees.
Treatment: Manual therapy to cervical spine for 25 minutes, joint mobilization.
Assessment: Improving.
Plan: Weekly for 4 weeks.
`;
  const prepared = (chart) => extension.exports.import.prepare(extension.exports.client, chart.editor, async () => OTHERS);

  it('makes a note of the whole text, tells before what was recognized, and is one step to undo', async () => {
    const chart = await note(OTHERS);
    const found = await prepared(chart);
    assert.match(found.imported.summary, /1 code proposed/);
    assert.match(extension.exports.import.preview(found), /^proposed: 97140\? cervical/m);
    assert.ok(await extension.exports.import.put(chart.document, found));
    assert.match(chart.text, /^visit: 2026-11-20\n[^]*^97140\? cervical[^]*25 min$/m);
    assert.ok(chart.text.includes('Neck pain 6/10 after driving.'));
    await run('undo');
    assert.equal(chart.text, OTHERS);
  });

  it('takes the clipboard into an empty note', async () => {
    const chart = await note('');
    assert.ok(await extension.exports.import.put(chart.document, await prepared(chart)));
    assert.match(chart.text, /^97140\? cervical/m);
  });

  it('takes whole lines of a selection, and leaves the rest', async () => {
    const before = 'payer: medicare\n\n';
    const chart = await note(before + OTHERS);
    chart.editor.selection = new vscode.Selection(chart.at('Date of Service', 3), chart.at('Plan:', 2));
    assert.ok(await extension.exports.import.put(chart.document, await prepared(chart)));
    assert.ok(chart.text.startsWith(`${before}Patient: 10234\nvisit: 2026-11-20\n`), chart.text);
  });

  it('changes nothing where something was typed meanwhile', async () => {
    const chart = await note(OTHERS);
    const found = await prepared(chart);
    await chart.replace('Improving', 'Much better');
    assert.equal(await extension.exports.import.put(chart.document, found), false);
    assert.ok(chart.text.includes('Much better') && !chart.text.includes('97140?'));
  });

  it('is not offered for a note that is one already', async () => {
    const chart = await note(CLEAN);
    const found = await prepared(chart);
    assert.equal(found.imported.rows.length, 0);
    assert.equal(found.imported.text, CLEAN);
  });
});

describe('formatting', () => {
  afterEach(closeAll);
  const untidy = 'visit: 2026-11-20\nO:   a\n97124   lumbar   10:00 - 10:25\n   technique:  petrissage\n';

  it('tidies the note and changes no word of it', async () => {
    const chart = await note(untidy);
    await run('editor.action.formatDocument');
    await until(() => `a tidy note: ${chart.text}`, () => chart.text !== untidy);
    assert.equal(chart.text.replace(/\s/g, ''), untidy.replace(/\s/g, ''));
    const once = chart.text;
    await run('editor.action.formatDocument');
    assert.equal(chart.text, once, 'once is enough');
  });

  it('tidies the selected lines only', async () => {
    const chart = await note(untidy);
    const line = chart.document.lineAt(2).range;
    const edits = await run('vscode.executeFormatRangeProvider', chart.uri, line, { tabSize: 2, insertSpaces: true });
    assert.ok(edits.length > 0);
    assert.ok(edits.every((e) => line.contains(e.range)), JSON.stringify(edits));
  });

  it('does not happen on saving unless it is asked for', async () => {
    const chart = await note(untidy);
    await chart.replace('O:   a', 'O:   b');
    await chart.document.save();
    assert.ok(chart.text.includes('O:   b'));
  });
});

describe('names', () => {
  afterEach(closeAll);

  it('renames a goal wherever it is spoken of', async () => {
    const chart = await note(CLEAN);
    await chart.hints();
    const edit = await run('vscode.executeDocumentRenameProvider', chart.uri, chart.at('goal 1', 5), '2');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.match(chart.text, /^goal 2: sit/m);
    assert.match(chart.text, /toward goal 2;/);
  });

  it('says in a sentence what can be renamed', async () => {
    const chart = await note(CLEAN);
    await assert.rejects(async () => run('vscode.prepareRename', chart.uri, chart.at('A. Rivera')), /Only a numbered goal.*can be renamed/);
  });

  it('finds every mention of a goal and the line that sets it', async () => {
    const chart = await note(CLEAN);
    const references = await run('vscode.executeReferenceProvider', chart.uri, chart.at('goal 1;', 1));
    assert.equal(references.length, 2);
    const [definition] = await run('vscode.executeDefinitionProvider', chart.uri, chart.at('goal 1;', 1));
    assert.equal((definition.targetRange ?? definition.range).start.line, 4);
    const highlights = await run('vscode.executeDocumentHighlights', chart.uri, chart.at('goal 1;', 1));
    assert.equal(highlights.length, 2);
  });
});

describe('the outline and the looks', () => {
  let chart;
  before(async () => {
    chart = await note(MEDICARE);
    await chart.finding('missing-goal');
  });
  after(closeAll);

  it('lists the visits with their blocks', async () => {
    const symbols = await run('vscode.executeDocumentSymbolProvider', chart.uri);
    const visit = symbols.find((s) => s.name.includes('2026-11-20'));
    assert.ok(visit, symbols.map((s) => s.name).join('; '));
    assert.equal(chart.document.getText(visit.selectionRange), 'visit: 2026-11-20');
    const names = visit.children.map((c) => c.name).join('; ');
    assert.match(names, /97140.*97124/);
  });

  it('finds a visit in the whole folder', async () => {
    await until('the visit of another note', async () => (await run('vscode.executeWorkspaceSymbolProvider', '2026-11-20')).length > 0);
  });

  it('folds the visit and its blocks', async () => {
    const folds = await run('vscode.executeFoldingRangeProvider', chart.uri);
    const lines = folds.map((f) => `${f.start + 1}-${f.end + 1}`);
    for (const fold of ['4-15', '8-10', '11-12']) assert.ok(lines.includes(fold), `${fold} among ${lines.join(', ')}`);
  });

  it('colours what the note means', async () => {
    const legend = await run('vscode.provideDocumentSemanticTokensLegend', chart.uri);
    const { data } = await run('vscode.provideDocumentSemanticTokens', chart.uri);
    const words = [];
    for (let i = 0, line = 0, start = 0; i < data.length; i += 5) {
      start = data[i] ? data[i + 1] : start + data[i + 1];
      line += data[i];
      const text = chart.document.getText(new vscode.Range(line, start, line, start + data[i + 2]));
      words.push(`${text}: ${legend.tokenTypes[data[i + 3]]}`);
    }
    for (const word of ['97140: function', 'lumbar: type', '2026-11-20: string']) assert.ok(words.includes(word), `${word} among ${words.join('; ')}`);
  });

  it('widens a selection from the word to the block to the visit', async () => {
    let [selection] = await run('vscode.executeSelectionRangeProvider', chart.uri, [chart.at('myofascial')]);
    const wider = [];
    for (; selection; selection = selection.parent) wider.push(chart.document.getText(selection.range));
    assert.equal(wider[0], 'myofascial');
    assert.ok(wider.some((t) => t.startsWith('97140 lumbar') && t.endsWith('4/10')));
    assert.ok(wider.some((t) => t.startsWith('visit: 2026-11-20') && t.endsWith('4 weeks.')));
  });

  it('shows above the visit what can be done with it', async () => {
    const lenses = await run('vscode.executeCodeLensProvider', chart.uri, 20);
    assert.deepEqual(lenses.map((l) => [l.range.start.line + 1, l.command.title]), [
      // What the visit earns stands behind its heading already.
      [4, 'show claim (medicare)'],
      [4, 'copy claim lines'],
      [4, 'next visit'],
    ]);
  });
});
