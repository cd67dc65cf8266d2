import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

import { openClaimPanel } from './claim/panel';
import { LANGUAGE, type Session } from './client';
import { ask, explainRule } from './explain';
import { choosePayer } from './payer';

/** A place in a note, as a code lens or a menu names it; that of the cursor if neither does. */
interface Target {
  uri: vscode.Uri;
  position: { line: number; character: number };
}

export function registerCommands(context: vscode.ExtensionContext, session: Session): void {
  const { client } = session;
  const commands: Record<string, (...args: unknown[]) => unknown> = {
    restart: () => session.start(),
    showLog: () => session.log.show(),
    openSampleNote: () => whenRunning(session, () => openSample(client)),
    newNote: () => newNote(session),
    nextVisit: (uri) => whenRunning(session, () => nextVisit(client, uri)),
    copyClaimLines: (uri, position) => whenRunning(session, () => copyClaimLines(client, uri, position)),
    showClaim: async (uri, position) => {
      await goTo(uri, position);
      await whenRunning(session, () => openClaimPanel(context, client));
    },
    explainRule: (rule) => whenRunning(session, () => explainRule(rule)),
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

async function openSample(client: LanguageClient): Promise<void> {
  const content = await ask(client, 'soapstone.server.sampleNote');
  if (typeof content === 'string') {
    const document = await vscode.workspace.openTextDocument({ language: LANGUAGE, content });
    await vscode.window.showTextDocument(document, { preview: false });
  }
}

async function newNote(session: Session): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: LANGUAGE, content: '' });
  await vscode.window.showTextDocument(document, { preview: false });
  if (session.client.isRunning()) {
    await addVisit(session.client, document, 'empty');
  }
}

function noteInFront(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor?.document.languageId === LANGUAGE ? editor : undefined;
}

function target(uri: unknown, position: unknown): Target | undefined {
  const editor = noteInFront();
  if (typeof uri === 'string' || uri instanceof vscode.Uri) {
    const address = typeof uri === 'string' ? vscode.Uri.parse(uri) : uri;
    const at = position as Target['position'] | undefined;
    if (at && typeof at.line === 'number' && typeof at.character === 'number') {
      return { uri: address, position: { line: at.line, character: at.character } };
    }
  }
  return editor && { uri: editor.document.uri, position: editor.selection.active };
}

/** Puts the cursor where a lens was pressed, so that what follows the cursor is about that visit. */
async function goTo(uri: unknown, position: unknown): Promise<void> {
  const place = typeof uri === 'string' ? target(uri, position) : undefined;
  if (place) {
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(place.uri));
    const at = new vscode.Position(place.position.line, place.position.character);
    editor.selection = new vscode.Selection(at, at);
  }
}

async function copyClaimLines(client: LanguageClient, uri: unknown, position: unknown): Promise<void> {
  const place = target(uri, position);
  if (!place) {
    void vscode.window.showInformationMessage('Open a note and put the cursor into a visit first.');
    return;
  }
  const address = client.code2ProtocolConverter.asUri(place.uri);
  const { line, character } = place.position;
  const lines = await ask(client, 'soapstone.server.claimLines', address, { line, character });
  if (typeof lines !== 'string') {
    void vscode.window.showInformationMessage('The cursor is in no visit. Put it into the visit whose claim lines you want.');
  } else if (lines === '') {
    const show = 'Show What Is Missing';
    const pressed = await vscode.window.showInformationMessage('This visit has no claim lines yet: a timed code has no minutes, or nothing earns a unit.', show);
    if (pressed === show) {
      await vscode.commands.executeCommand('soapstone.showClaim', address, { line, character });
    }
  } else {
    await vscode.env.clipboard.writeText(lines);
    vscode.window.setStatusBarMessage('$(check) The claim lines of this visit are copied.', 5000);
  }
}

async function nextVisit(client: LanguageClient, uri: unknown): Promise<void> {
  const lens = typeof uri === 'string';
  const document = lens ? await vscode.workspace.openTextDocument(vscode.Uri.parse(uri)) : noteInFront()?.document;
  if (!document) {
    void vscode.window.showInformationMessage('Open a note first: the new visit is added at its end.');
    return;
  }
  let kind: string | undefined = 'carried';
  if (!lens) {
    const choices = [
      { label: 'With the codes of the last visit', detail: 'Codes, regions and techniques are taken over. Times, findings and the signature are left blank.', visit: 'carried' },
      { label: 'Empty', detail: 'The headings alone.', visit: 'empty' },
    ];
    kind = (await vscode.window.showQuickPick(choices, { title: 'A new visit for today' }))?.visit;
  }
  if (kind !== undefined) {
    await vscode.window.showTextDocument(document);
    await addVisit(client, document, kind);
  }
}

/** Lets the server add a visit, and selects its first blank. */
async function addVisit(client: LanguageClient, document: vscode.TextDocument, kind: string): Promise<void> {
  const before = document.getText().length;
  const added = new Promise<boolean>((resolve) => {
    const listener = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === document && event.contentChanges.length > 0) {
        finish(true);
      }
    });
    const patience = setTimeout(() => finish(false), 5000);
    const finish = (done: boolean) => {
      clearTimeout(patience);
      listener.dispose();
      resolve(done);
    };
  });
  await ask(client, 'soapstone.server.nextVisit', client.code2ProtocolConverter.asUri(document.uri), kind);
  const editor = (await added) ? vscode.window.visibleTextEditors.find((e) => e.document === document) : undefined;
  if (editor) {
    const blank = document.getText().indexOf('___', before);
    const start = document.positionAt(blank < 0 ? document.getText().length : blank);
    const end = blank < 0 ? start : start.translate(0, 3);
    editor.selection = new vscode.Selection(start, end);
    editor.revealRange(new vscode.Range(start, end), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}
