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
/** What is shorter than this is no note of somebody's. */
const SHORTEST = 40;
/** What is longer is a book. */
const LONGEST = 1_000_000;

/** A text that was made into a note, and what it is to stand in the place of. */
export interface Import {
  imported: Imported;
  range: vscode.Range;
  /** The version of the document that was looked at. */
  version: number;
}

/** Asks what becomes of a text, by the settings that hold for a note. */
function ask(client: LanguageClient, note: vscode.TextDocument, text: string): Promise<Imported> {
  const textDocument = { uri: client.code2ProtocolConverter.asUri(note.uri) };
  return client.sendRequest<Imported>('soapstone/import', { textDocument, text });
}

/** Makes a note of the selection, else of the whole document, else of the clipboard, after showing what would become of it. */
export async function importText(client: LanguageClient, editor: vscode.TextEditor): Promise<void> {
  const found = await prepare(client, editor, () => vscode.env.clipboard.readText());
  if (!found) {
    void vscode.window.showInformationMessage('There is nothing to import: the note is empty, and so is the clipboard.');
    return;
  }
  const { summary } = found.imported;
  const pressed = await vscode.window.showInformationMessage(summary, { modal: true, detail: preview(found) }, IMPORT);
  if (pressed === IMPORT && !(await put(editor.document, found))) {
    void vscode.window.showWarningMessage('The note changed meanwhile, so nothing was imported. Please try it again.');
  }
}

/** What would become of the selection, else of the whole document, else of another text; nothing where there is none. */
export async function prepare(client: LanguageClient, editor: vscode.TextEditor, other: () => Thenable<string>): Promise<Import | undefined> {
  const { document, selection } = editor;
  // A block takes whole lines, so half of one is not imported. A selection of lines ends before the next one.
  const { start, end: last } = selection;
  const endLine = last.character === 0 && last.line > start.line ? last.line - 1 : last.line;
  const range = selection.isEmpty
    ? new vscode.Range(new vscode.Position(0, 0), endOf(document))
    : new vscode.Range(new vscode.Position(start.line, 0), document.lineAt(endLine).range.end);
  const own = document.getText(range);
  const { version } = document;
  const text = own.trim() === '' ? await other() : own;
  return text.trim() === '' ? undefined : { imported: await ask(client, document, text), range, version };
}

/** What was recognized, line by line. */
export function preview({ imported: { rows } }: Import): string {
  const lines = rows.slice(0, SHOWN).map((row) => `${row.kind}: ${row.what}`);
  const more = rows.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

/** Puts the note where its text stood, as one step to undo. Not where something was typed meanwhile, which is not in the answer. */
export async function put(document: vscode.TextDocument, { imported, range, version }: Import): Promise<boolean> {
  if (document.version !== version) {
    return false;
  }
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, range.end.isEqual(endOf(document)) ? imported.text : imported.text.replace(/\n$/, ''));
  return vscode.workspace.applyEdit(edit);
}

function endOf(document: vscode.TextDocument): vscode.Position {
  return document.lineAt(document.lineCount - 1).range.end;
}

/** Offers to paste somebody else's text as a note. What is pasted stays as it is unless that is chosen. */
export class PasteAsNote implements vscode.DocumentPasteEditProvider {
  static readonly kind = vscode.DocumentDropOrPasteEditKind.Text.append('soapstone', 'note');
  static readonly metadata = { providedPasteEditKinds: [PasteAsNote.kind], pasteMimeTypes: ['text/plain'] };

  constructor(
    private readonly client: LanguageClient,
    private readonly offer: (document: vscode.TextDocument, words: string) => void,
  ) {}

  async provideDocumentPasteEdits(
    document: vscode.TextDocument,
    ranges: readonly vscode.Range[],
    data: vscode.DataTransfer,
    context: vscode.DocumentPasteEditContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.DocumentPasteEdit[] | undefined> {
    const text = await data.get('text/plain')?.asString();
    if (text === undefined || text.length < SHORTEST || text.length > LONGEST || ranges.length !== 1 || !this.client.isRunning()) {
      return undefined;
    }
    const imported = await ask(this.client, document, text);
    if (token.isCancellationRequested || !isAnothersNote(text, imported)) {
      return undefined;
    }
    const asNote = new vscode.DocumentPasteEdit(imported.text, 'Paste as Note', PasteAsNote.kind);
    // The words as they are come first.
    asNote.yieldTo = [vscode.DocumentDropOrPasteEditKind.Text];
    if (context.only === undefined && document.getText().trim() === '') {
      this.offer(document, imported.summary);
    }
    return [asNote];
  }
}

/** Whether the server made something of a text that is more than what stood there. */
function isAnothersNote(text: string, imported: Imported): boolean {
  const read = imported.rows.some((row) => row.kind !== 'prose');
  return read && imported.text.trim() !== text.replace(/\r\n?/g, '\n').trim();
}

/** Whoever pastes into an empty note is asked in words, because the button beside what was pasted is small. */
export function offerImport(client: LanguageClient): (document: vscode.TextDocument, words: string) => void {
  return (document, words) => {
    const make = 'Make It a Note…';
    void vscode.window.showInformationMessage(`What you pasted can be made a note. ${words}`, make).then(async (pressed) => {
      if (pressed === make) {
        const editor = await vscode.window.showTextDocument(document);
        editor.selection = new vscode.Selection(0, 0, 0, 0);
        await importText(client, editor);
      }
    });
  };
}
