// A clinician's desk inside of the extension host: notes to write, and what VS Code says of them.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const vscode = require('vscode');

const NOTES = process.env.SOAPSTONE_TEST_NOTES;
const PROFILE = process.env.SOAPSTONE_TEST_PROFILE;
const EXTENSION = process.env.SOAPSTONE_TEST_EXTENSION;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until there is an answer; the last one that was not is told on failure. */
async function until(what, ask, deadline = 30_000) {
  const start = Date.now();
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() - start > deadline) throw new Error(`Waited in vain: ${typeof what === 'function' ? await what() : what}`);
    await sleep(40);
  }
}

/** Asks until the answer is the expected one, and shows the difference if it never is. */
async function becomes(expected, ask, deadline = 30_000) {
  const start = Date.now();
  for (;;) {
    const answer = await ask();
    try {
      assert.deepEqual(answer, expected);
      return;
    } catch (difference) {
      if (Date.now() - start > deadline) throw difference;
    }
    await sleep(40);
  }
}

let count = 0;

/** Lays a note on the desk: a file, open and in front. */
async function note(text, name = `note-${++count}.soap`) {
  const file = path.join(NOTES, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return new Note(await vscode.workspace.openTextDocument(file)).show();
}

/** The note that is in front. */
const front = () => new Note(vscode.window.activeTextEditor.document);

class Note {
  constructor(document) {
    this.document = document;
    this.uri = document.uri;
  }

  async show() {
    this.editor = await vscode.window.showTextDocument(this.document, { preview: false });
    return this;
  }

  get text() {
    return this.document.getText();
  }

  /** Where words begin, or how far behind that. */
  at(words, behind = 0) {
    const offset = this.text.indexOf(words);
    assert.notEqual(offset, -1, `${words} is not in the note`);
    return this.document.positionAt(offset + behind);
  }

  range(words) {
    return new vscode.Range(this.at(words), this.at(words, words.length));
  }

  whole() {
    return new vscode.Range(0, 0, this.document.lineCount, 0);
  }

  cursor(words, behind = 0) {
    const at = this.at(words, behind);
    this.editor.selection = new vscode.Selection(at, at);
    return at;
  }

  /** Each finding: its rule, its level, its line from 1 and the words that are underlined. */
  findings() {
    const levels = ['error', 'warning', 'info', 'hint'];
    return vscode.languages.getDiagnostics(this.uri).map((d) => `${d.code?.value ?? d.code} ${levels[d.severity]} ${d.range.start.line + 1}: ${this.document.getText(d.range)}`);
  }

  rules() {
    return vscode.languages.getDiagnostics(this.uri).map((d) => d.code?.value ?? d.code);
  }

  /** Waits for a finding of the rule. */
  async finding(rule) {
    return until(
      () => `a finding of ${rule} among ${this.findings().join('; ') || 'none'}`,
      () => vscode.languages.getDiagnostics(this.uri).find((d) => d.code?.value === rule),
    );
  }

  async gone(rule) {
    await until(() => `no finding of ${rule}: ${this.findings().join('; ')}`, () => !this.rules().includes(rule));
  }

  async actions(range, kind) {
    return await run('vscode.executeCodeActionProvider', this.uri, range, kind);
  }

  /** Chooses an action by its title, as from the light bulb. */
  async choose(title, range, kind) {
    const actions = await this.actions(range, kind);
    const action = actions.find((a) => (title instanceof RegExp ? title.test(a.title) : a.title === title));
    assert.ok(action, `${title} is not among: ${actions.map((a) => a.title).join('; ')}`);
    // As the light bulb does it: what it changes in files that are not open is saved.
    if (action.edit) assert.ok(await vscode.workspace.applyEdit(action.edit, { isRefactoring: true }), `${title} cannot be applied`);
    if (action.command) await run(action.command.command, ...(action.command.arguments ?? []));
    return action;
  }

  async apply(edits) {
    const edit = new vscode.WorkspaceEdit();
    edit.set(this.uri, edits ?? []);
    assert.ok(await vscode.workspace.applyEdit(edit));
  }

  async replace(words, other) {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(this.uri, this.range(words), other);
    assert.ok(await vscode.workspace.applyEdit(edit));
  }

  async hover(words, behind = 1) {
    const hovers = await run('vscode.executeHoverProvider', this.uri, this.at(words, behind));
    return hovers.map((h) => ({ words: this.document.getText(h.range), text: h.contents.map((c) => c.value).join('\n') }));
  }

  async completions(words, behind = words.length) {
    const list = await run('vscode.executeCompletionItemProvider', this.uri, this.at(words, behind), undefined, 20);
    // What VS Code finds by itself among the words of open notes is not Soapstone's.
    return list.items.filter((item) => item.kind !== vscode.CompletionItemKind.Text);
  }

  /** Each hint with the line that it stands on. */
  async hints() {
    const hints = await run('vscode.executeInlayHintProvider', this.uri, this.whole());
    return hints.map((h) => {
      const before = this.document.lineAt(h.position.line).text.slice(0, h.position.character);
      return `${before} | ${typeof h.label === 'string' ? h.label : h.label.map((p) => p.value).join('')}`;
    });
  }
}

const run = (command, ...rest) => vscode.commands.executeCommand(command, ...rest);

/** A setting of the person, `undefined` to take it away. */
async function setting(name, value, target = vscode.ConfigurationTarget.Global) {
  await vscode.workspace.getConfiguration().update(name, value, target);
}

/** The processes of the server that the installed extension carries. */
function servers() {
  const bundled = path.join(EXTENSION, 'server');
  return fs
    .readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return fs.readlinkSync(`/proc/${pid}/exe`).startsWith(bundled) && Number(parent(pid)) === process.pid;
      } catch {
        return false;
      }
    })
    .map(Number);
}

const parent = (pid) => fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1];

/** Opens a note and waits for the extension, which nothing else has started. */
async function started() {
  const opened = await note('visit: 2026-11-20\n97124 lumbar 25 min\n', 'first.soap');
  assert.equal(opened.document.languageId, 'soapnote');
  const extension = vscode.extensions.getExtension(process.env.SOAPSTONE_TEST_IDENTIFIER);
  assert.ok(extension, 'it is not among the extensions');
  // That it fails to start is told by the extension in a message; here the reason is told.
  await until('it starts by itself', () => extension.isActive).catch(async (error) => {
    throw new Error(`${error.message}. Started by hand: ${await extension.activate().then(() => 'it works', (why) => why.stack)}`);
  });
  await opened.finding('missing-diagnosis');
  await closeAll();
  return extension;
}

async function closeAll() {
  for (const document of vscode.workspace.textDocuments) {
    if (document.isDirty && !document.isUntitled) await document.save();
  }
  await run('workbench.action.closeAllEditors');
}

module.exports = { Note, NOTES, PROFILE, EXTENSION, note, front, until, becomes, run, setting, servers, sleep, started, closeAll };
