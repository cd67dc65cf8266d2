import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

import { LANGUAGE } from './client';
import { blankAhead } from './blank';

const CONTEXT = 'soapstone.blankAhead';

/** Tells VS Code whether there is a blank to go to, so that Tab goes there and is left alone everywhere else. */
export function registerBlanks(context: vscode.ExtensionContext): void {
  let told: boolean | undefined;
  const look = () => {
    const editor = vscode.window.activeTextEditor;
    const ahead = editor?.document.languageId === LANGUAGE && isAhead(editor);
    if (ahead !== told) {
      told = ahead;
      void vscode.commands.executeCommand('setContext', CONTEXT, ahead);
    }
  };
  look();
  context.subscriptions.push(
    vscode.window.onDidChangeActiveTextEditor(look),
    vscode.window.onDidChangeTextEditorSelection(look),
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === vscode.window.activeTextEditor?.document) {
        look();
      }
    }),
  );
}

function isAhead({ document, selections, selection }: vscode.TextEditor): boolean {
  if (selections.length !== 1 || !selection.isSingleLine) {
    return false;
  }
  return blankAhead(document.getText(), document.offsetAt(selection.start), document.offsetAt(selection.end));
}

/**
 * Selects the next blank of the note.
 * @param client of the server that knows the blanks
 * @param key what the pressed key does in VS Code where it does not go to a blank. VS Code learns a moment late that
 *   there is none any more, and a key that was pressed meanwhile may not be lost.
 */
export async function nextBlank(client: LanguageClient, key?: string): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== LANGUAGE) {
    return;
  }
  if (key && !(client.isRunning() && isAhead(editor))) {
    await vscode.commands.executeCommand(key);
    return;
  }
  const { line, character } = editor.selection.end;
  const found = await client.sendRequest<{ start: vscode.Position; end: vscode.Position } | null>('soapstone/nextBlank', {
    textDocument: { uri: client.code2ProtocolConverter.asUri(editor.document.uri) },
    position: { line, character },
  });
  if (!found) {
    vscode.window.setStatusBarMessage('$(check) There is no blank left to fill in this note.', 5000);
    return;
  }
  const { start, end } = found;
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
