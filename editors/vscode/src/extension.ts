import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

import { registerBlanks } from './blanks';
import { Copied } from './claim/copied';
import { registerClaimPanel } from './claim/panel';
import { LANGUAGE, Session } from './client';
import { registerCommands } from './commands';
import { registerRulePages } from './explain';
import { hide } from './hide';
import { PasteAsNote, offerImport, prepare, preview, put } from './import';
import { page } from './print';
import { registerStatusItems } from './statusItems';

let session: Session | undefined;

/** What the tests look at. */
export interface Api {
  client: LanguageClient;
  /** What a command does between its dialogs, which nobody presses in a test. */
  import: { prepare: typeof prepare; preview: typeof preview; put: typeof put };
  hide: typeof hide;
  page: (note: vscode.TextDocument, day: string | undefined) => Promise<string>;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const log = vscode.window.createOutputChannel('Soapstone', { log: true });
  const begun = new Session(context, log);
  session = begun;
  context.subscriptions.push(
    log,
    registerRulePages(begun.client),
    vscode.languages.registerDocumentPasteEditProvider(
      { language: LANGUAGE },
      new PasteAsNote(begun.client, offerImport(begun.client)),
      PasteAsNote.metadata,
    ),
    vscode.workspace.onDidGrantWorkspaceTrust(() => begun.start()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('soapstone.server.path')) {
        void begun.start();
      }
    }),
  );
  const copied = new Copied(context.workspaceState);
  registerCommands(context, begun, copied);
  registerClaimPanel(context, begun.client, copied);
  registerBlanks(context);
  registerStatusItems(context, begun);
  indentNotes();
  // Where it does not start, it says so itself; commands such as the log's have to work all the same.
  await begun.start();
  return { client: begun.client, import: { prepare, preview, put }, hide, page: (note, day) => page(begun, note, day) };
}

/** A note that was opened before VS Code had read what an extension says of its language is indented like any other file. */
function indentNotes(): void {
  for (const editor of vscode.window.visibleTextEditors.filter((editor) => editor.document.languageId === LANGUAGE)) {
    const wanted = vscode.workspace.getConfiguration('editor', editor.document);
    editor.options = { tabSize: wanted.get<number>('tabSize', 2), insertSpaces: wanted.get<boolean>('insertSpaces', true) };
  }
}

export function deactivate(): Promise<void> | undefined {
  return session?.dispose();
}
