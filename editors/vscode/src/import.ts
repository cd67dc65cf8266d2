import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

/** What the server makes of a text. */
interface Imported {
  text: string;
  summary: string;
  rows: { kind: 'block' | 'proposed' | 'field' | 'prose'; what: string; words: string }[];
}

const IMPORT = 'Import';
/** A dialog with more lines than these may not fit on the screen. */
const SHOWN = 20;

/** Makes a note of the selection, else of the whole document, else of the clipboard, after showing what would become of it. */
export async function importText(client: LanguageClient, editor: vscode.TextEditor): Promise<void> {
  const { document, selection } = editor;
  const end = document.lineAt(document.lineCount - 1).range.end;
  // A block takes whole lines, so half of one is not imported. A selection of lines ends before the next one.
  const { start, end: last } = selection;
  const endLine = last.character === 0 && last.line > start.line ? last.line - 1 : last.line;
  const range = selection.isEmpty
    ? new vscode.Range(new vscode.Position(0, 0), end)
    : new vscode.Range(new vscode.Position(start.line, 0), document.lineAt(endLine).range.end);
  const own = document.getText(range);
  const text = own.trim() === '' ? await vscode.env.clipboard.readText() : own;
  if (text.trim() === '') {
    void vscode.window.showInformationMessage('There is nothing to import: the note is empty, and so is the clipboard.');
    return;
  }
  const { version } = document;
  const imported = await client.sendRequest<Imported>('soapstone/import', {
    textDocument: { uri: client.code2ProtocolConverter.asUri(document.uri) },
    text,
  });
  const lines = imported.rows.slice(0, SHOWN).map((row) => `${row.kind}: ${row.what}`);
  const more = imported.rows.length - lines.length;
  const detail = [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
  const pressed = await vscode.window.showInformationMessage(imported.summary, { modal: true, detail }, IMPORT);
  if (pressed !== IMPORT) {
    return;
  }
  // What was typed meanwhile is not in the answer.
  if (document.version !== version) {
    void vscode.window.showWarningMessage('The note changed meanwhile, so nothing was imported. Please try it again.');
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, range.end.isEqual(end) ? imported.text : imported.text.replace(/\n$/, ''));
  await vscode.workspace.applyEdit(edit);
}
