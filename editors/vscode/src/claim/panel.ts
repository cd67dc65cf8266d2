/** The claim preview: a panel beside the note with the claim of the visit at the cursor. */

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

import { movedLine } from './anchor';
import { type Copied, together } from './copied';
import { document as page } from './document';
import { Latest } from './latest';
import { type Absence, type Claim, type Entry, type Range, type ToPage, fromPage } from './protocol';

/** The panel's kind, by which VS Code brings it back after a restart. */
export const VIEW = 'soapstone.claim';
const LANGUAGE = 'soapnote';

/** The claim of a visit, whether the cursor is in it, and all claims of its chart. */
type Shown = { claim: Claim; atCursor: boolean; chart: Entry[] } | { lacking: Absence };

/** There is one panel at most, and it follows the note that is worked on. */
let panel: Panel | undefined;

/** Shows the claim of the visit at the cursor beside the note. The client outlives restarts of the server. */
export function openClaimPanel(context: vscode.ExtensionContext, client: LanguageClient, copied: Copied): void {
  if (panel) {
    panel.reveal();
    return;
  }
  const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
  take(context, client, copied, vscode.window.createWebviewPanel(VIEW, 'Claim', column, { enableFindWidget: true }));
}

/** Brings the panel back after a restart of the editor, and takes it away with the extension. */
export function registerClaimPanel(context: vscode.ExtensionContext, client: LanguageClient, copied: Copied): void {
  context.subscriptions.push(
    { dispose: () => panel?.dispose() },
    vscode.window.registerWebviewPanelSerializer(VIEW, {
      // Nothing of the note is kept between sessions: the panel looks for a note that is open.
      deserializeWebviewPanel: restored => {
        take(context, client, copied, restored);
        return Promise.resolve();
      },
    }),
  );
}

function take(context: vscode.ExtensionContext, client: LanguageClient, copied: Copied, made: vscode.WebviewPanel): void {
  panel?.dispose();
  const taken = new Panel(made, context.extensionUri, client, copied, () => {
    if (panel === taken) {
      panel = undefined;
    }
  });
  panel = taken;
}

class Panel implements vscode.Disposable {
  private shown: Shown | undefined;
  private note: vscode.TextDocument | undefined;
  /** The heading of the visit that is shown, so that it stays in view while the cursor is above the visits. */
  private heading: number | undefined;
  /** Looks again for a server that did not answer. */
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly latest = new Latest<vscode.TextDocument, Shown>(
    (note, signal) => this.ask(note, signal),
    shown => this.show(shown),
    () => this.show({ lacking: 'server' }),
  );

  constructor(
    private readonly panel: vscode.WebviewPanel,
    extension: vscode.Uri,
    private readonly client: LanguageClient,
    private readonly copied: Copied,
    private readonly closed: () => void,
  ) {
    const root = vscode.Uri.joinPath(extension, 'dist', 'webview');
    const { webview } = panel;
    webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [root] };
    webview.html = page({
      source: webview.cspSource,
      script: webview.asWebviewUri(vscode.Uri.joinPath(root, 'claim.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(root, 'claim.css')).toString(),
      nonce: randomBytes(16).toString('hex'),
    });
    this.disposables.push(
      webview.onDidReceiveMessage(message => this.hear(message)),
      panel.onDidDispose(() => this.dispose()),
      vscode.window.onDidChangeActiveTextEditor(() => this.look()),
      vscode.window.onDidChangeTextEditorSelection(event => {
        if (isNote(event.textEditor.document) && event.textEditor === vscode.window.activeTextEditor) {
          this.look();
        }
      }),
      vscode.workspace.onDidChangeTextDocument(event => {
        if (event.document === this.note) {
          this.heading = this.heading === undefined ? undefined : movedLine(this.heading, event.contentChanges);
          this.look();
        }
      }),
      vscode.workspace.onDidCloseTextDocument(note => {
        if (note === this.note) {
          this.note = undefined;
          this.look();
        }
      }),
      copied.onDidChange(() => this.look()),
      // A payer's profile changes with the settings.
      vscode.workspace.onDidSaveTextDocument(() => this.look()),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration('soapstone')) {
          this.look();
        }
      }),
    );
    this.look();
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  dispose(): void {
    this.latest.stop();
    clearTimeout(this.retry);
    for (const disposable of this.disposables.splice(0)) {
      disposable.dispose();
    }
    this.shown = undefined;
    this.closed();
    this.panel.dispose();
  }

  /** Asks for the claim of the note that is worked on. The last one stays with a person who looks elsewhere. */
  private look(): void {
    const active = vscode.window.activeTextEditor?.document;
    if (active && isNote(active)) {
      this.turnTo(active);
    } else if (!this.note) {
      const visible = vscode.window.visibleTextEditors.find(editor => isNote(editor.document));
      if (visible) {
        this.turnTo(visible.document);
      }
    }
    if (this.note) {
      this.latest.soon(this.note);
    } else {
      this.latest.stop();
      this.show({ lacking: 'note' });
    }
  }

  private turnTo(note: vscode.TextDocument): void {
    if (note !== this.note) {
      this.note = note;
      this.heading = undefined;
    }
  }

  /** The claim at the cursor; above the visits that of the visit shown before, or of the last one. */
  private async ask(note: vscode.TextDocument, signal: AbortSignal): Promise<Shown> {
    const { client } = this;
    if (!client.isRunning()) {
      return { lacking: 'server' };
    }
    const cancel = new vscode.CancellationTokenSource();
    signal.addEventListener('abort', () => cancel.cancel());
    try {
      const uri = client.code2ProtocolConverter.asUri(note.uri);
      const places = [
        editorOf(note)?.selection.active,
        this.heading === undefined ? undefined : { line: this.heading, character: 0 },
        note.lineAt(note.lineCount - 1).range.end,
      ];
      for (const [index, place] of places.entries()) {
        if (!place || signal.aborted) {
          continue;
        }
        const { line, character } = place;
        const claim = await client.sendRequest<Claim | null>(
          'soapstone/claim',
          { textDocument: { uri }, position: { line, character } },
          cancel.token,
        );
        if (claim) {
          const chart = await client.sendRequest<Entry[] | null>('soapstone/claims', { textDocument: { uri } }, cancel.token);
          return { claim, atCursor: index === 0, chart: chart ?? [] };
        }
      }
      return { lacking: 'visit' };
    } finally {
      cancel.dispose();
    }
  }

  private show(shown: Shown): void {
    this.shown = shown;
    clearTimeout(this.retry);
    if ('lacking' in shown && shown.lacking === 'server') {
      this.retry = setTimeout(() => this.look(), 1000);
    }
    if ('claim' in shown) {
      const { claim, atCursor } = shown;
      this.heading = claim.place.start.line;
      const waiting = this.waiting(shown.chart).map(({ copy: _, mark: __, ...entry }) => entry);
      this.tell({ kind: 'claim', claim, atCursor, waiting });
    } else {
      this.tell({ kind: 'nothing', ...shown });
    }
  }

  /** The claims that were not copied since they are what they are, the latest first. */
  private waiting(chart: readonly Entry[]): Entry[] {
    const note = this.note?.uri.toString() ?? '';
    return chart.filter(entry => !this.copied.has(note, entry)).reverse();
  }

  private tell(message: ToPage): void {
    void this.panel.webview.postMessage(message);
  }

  private hear(value: unknown): void {
    const message = fromPage(value);
    switch (message?.kind) {
      case 'ready':
        // The page is made anew whenever the panel comes to the front.
        if (this.shown) {
          this.show(this.shown);
        }
        break;
      case 'copy':
        void this.copy(({ claim }) => [claim]);
        break;
      case 'copyAll':
        // In the order of the chart.
        void this.copy(({ chart }) => this.waiting(chart).reverse());
        break;
      case 'print':
        if (this.note && this.heading !== undefined) {
          void vscode.commands.executeCommand('soapstone.print', this.note.uri, { line: this.heading, character: 0 });
        }
        break;
      case 'go':
        void this.go(message.place);
        break;
      case undefined:
        break;
    }
  }

  /** Copies the lines as the note stands now, not as they were drawn. */
  private async copy(which: (shown: { claim: Claim; chart: Entry[] }) => readonly { id: string; mark: string; copy: string }[]): Promise<void> {
    const { note } = this;
    if (note) {
      await this.latest.now(note);
    }
    const { shown } = this;
    const claims = shown && 'claim' in shown ? which(shown).filter(({ copy }) => copy !== '') : [];
    if (note && claims.length > 0) {
      const table = together(claims.map(({ copy }) => copy));
      await vscode.env.clipboard.writeText(table);
      await this.copied.add(note.uri.toString(), claims);
      // Below the line of headings.
      this.tell({ kind: 'copied', lines: table.trimEnd().split('\n').length - 1 });
    } else {
      this.tell({ kind: 'copied', lines: 0 });
    }
  }

  private async go(place: Range): Promise<void> {
    const note = this.note;
    if (!note) {
      return;
    }
    const range = note.validateRange(
      new vscode.Range(place.start.line, place.start.character, place.end.line, place.end.character),
    );
    const editor = await vscode.window.showTextDocument(note, {
      viewColumn: editorOf(note)?.viewColumn ?? vscode.ViewColumn.One,
      preserveFocus: false,
    });
    editor.selection = new vscode.Selection(range.start, range.start);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

/** A note that the language server has, and not an old copy of one. */
function isNote(document: vscode.TextDocument): boolean {
  return document.languageId === LANGUAGE && document.uri.scheme !== 'git';
}

function editorOf(note: vscode.TextDocument): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  return activeTextEditor?.document === note
    ? activeTextEditor
    : visibleTextEditors.find(editor => editor.document === note);
}
