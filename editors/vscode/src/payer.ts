import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

import { LANGUAGE } from './client';
import { ask } from './explain';
import { payerChoices, payerInNote, payerInSettingsFile, type Payer } from './payers';
import { baseName, type Status } from './status';

/** Asks who pays, and for which notes, and writes it down there. */
export async function choosePayer(client: LanguageClient): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const note = editor?.document.languageId === LANGUAGE ? editor : undefined;
  const uri = note && client.code2ProtocolConverter.asUri(note.document.uri);
  const status = uri === undefined ? undefined : ((await ask(client, 'soapstone.server.status', uri)) as Status | null);
  const payers = await client.sendRequest<Payer[]>('soapstone/payers', uri === undefined ? {} : { textDocument: { uri } });
  const file = status?.settingsFile ?? undefined;
  const payer = await vscode.window.showQuickPick(payerChoices(payers, status?.payer), {
    title: 'Who pays for this treatment?',
    placeHolder: 'If your plan is not here, choose the kind of plan it is.',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!payer) {
    return;
  }
  const place = await choosePlace(note, file);
  if (place === 'note' && note) {
    await writeIntoNote(note, payer.payer);
  } else if (place === 'file' && file !== undefined) {
    await writeIntoFile(vscode.Uri.file(file), payer.payer);
  } else if (place === 'settings') {
    await writeIntoSettings(payer.payer);
  }
}

async function choosePlace(note: vscode.TextEditor | undefined, file: string | undefined) {
  const folder =
    file === undefined
      ? { label: 'For every note that names no payer', detail: 'Saved in your settings.', place: 'settings' as const }
      : { label: 'For every note in this folder that names no payer', detail: `Saved in ${baseName(file)}, which applies in this folder.`, place: 'file' as const };
  if (!note) {
    return folder.place;
  }
  const here = { label: 'For this note', detail: 'Written into its payer line.', place: 'note' as const };
  return (await vscode.window.showQuickPick([here, folder], { title: 'For which notes?' }))?.place;
}

async function writeIntoNote(editor: vscode.TextEditor, payer: string): Promise<void> {
  const { document } = editor;
  const lines = Array.from({ length: document.lineCount }, (_, index) => document.lineAt(index).text);
  const { start, end, text } = payerInNote(lines, payer);
  await editor.edit((edit) => {
    if (end > start) {
      edit.replace(new vscode.Range(start, 0, end - 1, lines[end - 1]?.length ?? 0), text);
    } else if (start < document.lineCount) {
      edit.insert(new vscode.Position(start, 0), `${text}\n`);
    } else {
      edit.insert(document.lineAt(document.lineCount - 1).range.end, `\n${text}`);
    }
  });
}

async function writeIntoFile(uri: vscode.Uri, payer: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const wasSaved = !document.isDirty;
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, whole, payerInSettingsFile(document.getText(), payer));
  await vscode.workspace.applyEdit(edit);
  // What else is being changed in it is not ours to save.
  if (wasSaved) {
    await document.save();
  } else {
    await vscode.window.showTextDocument(document);
  }
}

async function writeIntoSettings(payer: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration('soapstone');
  const set = settings.inspect('payer');
  const target = set?.workspaceValue === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  await settings.update('payer', payer, target);
}
