// A folder that is not trusted: everything of Soapstone works, and nothing that the folder names is run.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');
const { Note, NOTES, EXTENSION, servers, started, until } = require('./desk.cjs');

describe('a folder that is not trusted', () => {
  before(started);

  it('is not trusted', () => assert.equal(vscode.workspace.isTrusted, false));

  it('shows the findings of its notes', async () => {
    const file = path.join(NOTES, 'visit.soap');
    const chart = await new Note(await vscode.workspace.openTextDocument(file)).show();
    await chart.finding('missing-diagnosis');
    assert.ok((await chart.hints()).includes('97124 lumbar 25 min | = 2 units'), (await chart.hints()).join('; '));
  });

  it('runs the server of the extension and not the program that the folder names', async () => {
    await until(`a server from ${EXTENSION}`, () => servers().length === 1);
    assert.equal(fs.existsSync(path.join(NOTES, 'it-was-run')), false);
  });
});
