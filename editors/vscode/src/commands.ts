import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

import { nextBlank } from './blanks';
import type { Copied } from './claim/copied';
import { openClaimPanel } from './claim/panel';
import type { Claim, Range } from './claim/protocol';
import { LANGUAGE, type Session } from './client';
import { ask, explainRule } from './explain';
import { hideFinding } from './hide';
import { importText } from './import';
import { choosePayer } from './payer';
import { printNote } from './print';
import { dayWords } from '../webview/format';

/** A place in a note, as a code lens or a menu names it; that of the cursor if neither does. */
interface Target {
  uri: vscode.Uri;
  position: { line: number; character: number };
}

export function registerCommands(context: vscode.ExtensionContext, session: Session, copied: Copied): void {
  const { client } = session;
  const commands: Record<string, (...args: unknown[]) => unknown> = {
    restart: () => session.start(),
    showLog: () => session.log.show(),
    openSampleNote: (show) => whenRunning(session, () => openSample(client, show === 'answers')),
    newNote: () => whenRunning(session, () => newNote(client)),
    nextVisit: (uri) => whenRunning(session, () => nextVisit(client, uri)),
    copyClaimLines: (uri, position) => whenRunning(session, () => copyClaimLines(client, copied, uri, position)),
    showClaim: (uri, position) => whenRunning(session, () => showClaim(context, client, copied, uri, position)),
    nextBlank: (key) => (typeof key === 'string' ? nextBlank(client, key) : whenRunning(session, () => nextBlank(client))),
    hideFinding: (ways) => whenRunning(session, () => hideFinding(client, ways)),
    print: (uri, position) => whenRunning(session, () => print(session, uri, position)),
    explainRule: (rule) => whenRunning(session, () => explainRule(rule)),
    importText: () => whenRunning(session, () => importInFront(client)),
    choosePayer: () => whenRunning(session, () => choosePayer(client)),
  };
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(`soapstone.${name}`, run));
  }
}

/** Does something with the server, or says why that cannot be. */
async function whenRunning(session: Session, run: () => unknown): Promise<void> {
  if (!session.client.isRunning()) {
    const why = session.problem ?? 'Soapstone is still starting. Please try again in a moment.';
    const pressed = await vscode.window.showWarningMessage(why, 'Start Soapstone', 'Show Log');
    if (pressed === 'Show Log') {
      session.log.show();
      return;
    }
    if (pressed !== 'Start Soapstone') {
      return;
    }
    await session.start();
    if (!session.client.isRunning()) {
      return;
    }
  }
  try {
    await run();
  } catch (error) {
    // The server's message names no text of a note.
    session.log.error(error instanceof Error ? error.message : String(error));
    void vscode.window.showWarningMessage('That did not work. The log says why; your note is unchanged.');
  }
}

/** Shows the sample note; with the answers to its first finding that has one, if wanted. */
async function openSample(client: LanguageClient, answers: boolean): Promise<void> {
  const content = await ask(client, 'soapstone.server.sampleNote');
  if (typeof content !== 'string') {
    return;
  }
  // One that is open already has perhaps been tried something on.
  const title = content.split('\n', 1)[0] ?? '';
  const open = vscode.workspace.textDocuments.find((d) => d.isUntitled && !d.isClosed && d.languageId === LANGUAGE && d.lineAt(0).text === title);
  const document = open ?? (await vscode.workspace.openTextDocument({ language: LANGUAGE, content }));
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  const line = content.split('\n').findIndex((text) => text.endsWith(' min)'));
  if (answers && line >= 0) {
    const minutes = document.lineAt(line).text.lastIndexOf('(') + 1;
    const place = new vscode.Position(line, Math.max(minutes, 0));
    editor.selection = new vscode.Selection(place, place);
    editor.revealRange(new vscode.Range(place, place));
    await judged(document.uri);
    await vscode.commands.executeCommand('editor.action.quickFix');
  }
}

/** Waits for a note's findings, or a while. */
async function judged(uri: vscode.Uri): Promise<void> {
  const end = Date.now() + 5000;
  while (vscode.languages.getDiagnostics(uri).length === 0 && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Opens a note with blanks for all that a note needs. Tab goes from one to the next. */
async function newNote(client: LanguageClient): Promise<void> {
  const note = (await ask(client, 'soapstone.server.newNote')) as { text: string; snippet: string | null };
  const document = await vscode.workspace.openTextDocument({ language: LANGUAGE, content: '' });
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  await editor.insertSnippet(new vscode.SnippetString(note.snippet ?? note.text));
  editor.revealRange(new vscode.Range(0, 0, 0, 0));
}

/**
 * The note that a command is about: the one that is written in, else one that is seen, else one in a tab. Pressed in
 * the walkthrough or in the claim's panel, a command would find none otherwise.
 */
async function noteInFront(): Promise<vscode.TextEditor | undefined> {
  const isNote = (document: vscode.TextDocument) => document.languageId === LANGUAGE;
  const active = vscode.window.activeTextEditor;
  if (active && isNote(active.document)) {
    return active;
  }
  const seen = vscode.window.visibleTextEditors.find((editor) => isNote(editor.document));
  if (seen) {
    return seen;
  }
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const inTabs = new Set(tabs.flatMap((tab) => (tab.input instanceof vscode.TabInputText ? [tab.input.uri.toString()] : [])));
  const open = vscode.workspace.textDocuments.filter((document) => isNote(document) && inTabs.has(document.uri.toString()));
  const last = open.at(-1);
  return last && vscode.window.showTextDocument(last, { preview: false });
}

async function askForNote(words: string): Promise<void> {
  const sample = 'Open the Sample Note';
  if ((await vscode.window.showInformationMessage(words, sample)) === sample) {
    await vscode.commands.executeCommand('soapstone.openSampleNote');
  }
}

async function target(uri: unknown, position: unknown): Promise<Target | undefined> {
  if (typeof uri === 'string' || uri instanceof vscode.Uri) {
    const address = typeof uri === 'string' ? vscode.Uri.parse(uri) : uri;
    const at = position as Target['position'] | undefined;
    if (at && typeof at.line === 'number' && typeof at.character === 'number') {
      return { uri: address, position: { line: at.line, character: at.character } };
    }
  }
  const editor = await noteInFront();
  return editor && { uri: editor.document.uri, position: editor.selection.active };
}

/** Shows the claim of the visit where a lens was pressed, else of the one at the cursor, which the panel follows. */
async function showClaim(context: vscode.ExtensionContext, client: LanguageClient, copied: Copied, uri: unknown, position: unknown): Promise<void> {
  const place = await target(uri, position);
  if (!place) {
    await askForNote('Open a note first: the claim is that of the visit at the cursor.');
    return;
  }
  const open = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === place.uri.toString());
  const document = await vscode.workspace.openTextDocument(place.uri);
  const editor = await vscode.window.showTextDocument(document, open?.viewColumn === undefined ? {} : { viewColumn: open.viewColumn });
  if (typeof uri === 'string') {
    const at = new vscode.Position(place.position.line, place.position.character);
    editor.selection = new vscode.Selection(at, at);
  }
  openClaimPanel(context, client, copied);
}

async function copyClaimLines(client: LanguageClient, copied: Copied, uri: unknown, position: unknown): Promise<void> {
  const place = await target(uri, position);
  if (!place) {
    await askForNote('Open a note first, and put the cursor in the visit whose claim lines you want.');
    return;
  }
  const address = client.code2ProtocolConverter.asUri(place.uri);
  const { line, character } = place.position;
  const claim = await client.sendRequest<Claim | null>('soapstone/claim', { textDocument: { uri: address }, position: { line, character } });
  if (!claim) {
    void vscode.window.showInformationMessage('The cursor is not in a visit. Put it in the visit whose claim lines you want.');
  } else if (claim.copy === '') {
    const show = 'Show What Is Missing';
    const pressed = await vscode.window.showInformationMessage('This visit has no claim lines yet: a timed code has no minutes, or nothing earns a unit.', show);
    if (pressed === show) {
      await vscode.commands.executeCommand('soapstone.showClaim', address, { line, character });
    }
  } else {
    await vscode.env.clipboard.writeText(claim.copy);
    await copied.add(place.uri.toString(), [claim]);
    vscode.window.setStatusBarMessage('$(check) The claim lines of this visit are copied.', 5000);
  }
}

async function nextVisit(client: LanguageClient, uri: unknown): Promise<void> {
  const lens = typeof uri === 'string';
  const document = lens ? await vscode.workspace.openTextDocument(vscode.Uri.parse(uri)) : (await noteInFront())?.document;
  if (!document) {
    await askForNote('Open a note first: the new visit is added at its end.');
    return;
  }
  let kind: string | undefined = 'carried';
  if (!lens) {
    const choices = [
      { label: 'With the codes of the last visit', detail: 'Codes, regions and techniques are carried over. Times, findings and the signature are left blank.', visit: 'carried' },
      { label: 'Empty', detail: 'Headings only.', visit: 'empty' },
    ];
    kind = (await vscode.window.showQuickPick(choices, { title: 'A new visit for today' }))?.visit;
  }
  if (kind !== undefined) {
    await vscode.window.showTextDocument(document);
    await addVisit(client, document, kind);
  }
}

async function importInFront(client: LanguageClient): Promise<void> {
  const editor = await noteInFront();
  if (editor) {
    await importText(client, editor);
  } else {
    await askForNote('Open a note first: the text is imported into it.');
  }
}

/** What the server says of a visit that it was to add. */
interface Added {
  day: string;
  added: boolean;
  /** The heading of a visit that is there already on that day. */
  there: Range | null;
}

const ANOTHER = 'Add Another Visit';
const SHOW = 'Show That Visit';

/** Lets the server add a visit, after asking where there is one already on that day. */
async function addVisit(client: LanguageClient, document: vscode.TextDocument, kind: string): Promise<void> {
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  const first = (await ask(client, 'soapstone.server.nextVisit', uri, kind)) as Added | null;
  if (!first || first.added || !first.there) {
    return;
  }
  const detail = 'Two visits on one day are billed together. Another one begins with blanks in the place of its times.';
  const pressed = await vscode.window.showInformationMessage(`This chart has a visit on ${dayWords(first.day)} already.`, { modal: true, detail }, SHOW, ANOTHER);
  if (pressed === ANOTHER) {
    await ask(client, 'soapstone.server.nextVisit', uri, kind, 'anyway');
  } else if (pressed === SHOW) {
    const { line, character } = first.there.end;
    const end = new vscode.Position(line, character);
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(end, end);
    editor.revealRange(new vscode.Range(end, end), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

/** Prints the visit where it is asked for, else the one at the cursor. */
async function print(session: Session, uri: unknown, position: unknown): Promise<void> {
  const place = await target(uri, position);
  if (place) {
    await printNote(session, await vscode.workspace.openTextDocument(place.uri), place.position);
  } else {
    await askForNote('Open a note first: the page is that of the visit at the cursor.');
  }
}
