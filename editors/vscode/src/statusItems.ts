import * as vscode from 'vscode';
import { State } from 'vscode-languageclient/node';

import { LANGUAGE, type Session } from './client';
import { ask } from './explain';
import { errorWords, shortStatus, tooltip, unused, unusedWords, type Status } from './status';

/** How long the reader has to pause for the line to be computed again. */
const PAUSE = 300;

/** In the status bar: who pays for the visit at the cursor, how it is counted, whether it has errors. In the language's status: whether the server runs, which settings do not hold. */
export function registerStatusItems(context: vscode.ExtensionContext, session: Session): void {
  const payer = vscode.window.createStatusBarItem('soapstone.payer', vscode.StatusBarAlignment.Right, 101);
  payer.name = 'Soapstone: Payer';
  payer.command = 'soapstone.choosePayer';
  const errors = vscode.window.createStatusBarItem('soapstone.errors', vscode.StatusBarAlignment.Right, 102);
  errors.name = 'Soapstone: Errors of This Visit';
  errors.command = 'soapstone.showClaim';
  errors.color = new vscode.ThemeColor('errorForeground');
  const server = vscode.languages.createLanguageStatusItem('soapstone.server', { language: LANGUAGE });
  server.name = 'Soapstone';

  const showServer = () => {
    const { state } = session.client;
    server.busy = state === State.Starting;
    const stopped = !server.busy && state !== State.Running;
    server.severity = stopped ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    server.text = stopped ? 'Soapstone is off' : server.busy ? 'Soapstone is starting' : 'Soapstone checks this note';
    server.detail = stopped ? (session.problem ?? 'This note is not checked.') : 'On this computer alone';
    server.command = stopped
      ? { title: 'Start', command: 'soapstone.restart' }
      : { title: 'Show Log', command: 'soapstone.showLog' };
  };

  let unusedItem: vscode.LanguageStatusItem | undefined;
  let asked = 0;
  const showPayer = async () => {
    const ticket = ++asked;
    const editor = vscode.window.activeTextEditor;
    const note = editor?.document;
    if (note?.languageId !== LANGUAGE) {
      payer.hide();
      errors.hide();
      return;
    }
    const { client } = session;
    const { line, character } = editor!.selection.active;
    const status = client.isRunning()
      ? ((await ask(client, 'soapstone.server.status', client.code2ProtocolConverter.asUri(note.uri), { line, character }).catch(() => null)) as Status | null)
      : null;
    // A later question may have been answered before this one.
    if (ticket !== asked) {
      return;
    }
    payer.text = status ? shortStatus(status) : 'Payer not known yet';
    payer.tooltip = status ? tooltip(status) : 'Soapstone has not read this note yet.';
    payer.show();
    errors.text = '$(circle-filled)';
    errors.tooltip = status ? errorWords(status) : '';
    errors.accessibilityInformation = { label: errors.tooltip };
    if (status?.errors) {
      errors.show();
    } else {
      errors.hide();
    }
    if (status?.settingsFile) {
      const file = status.settingsFile;
      if (sayUnused(context, note.uri, file)) {
        // A line of its own, because a long one hides its buttons.
        unusedItem ??= vscode.languages.createLanguageStatusItem('soapstone.settings', { language: LANGUAGE });
        unusedItem.name = 'Soapstone: Settings';
        unusedItem.text = 'Your settings are not used here';
        unusedItem.severity = vscode.LanguageStatusSeverity.Warning;
        unusedItem.command = { title: 'Open the File', command: 'vscode.open', arguments: [vscode.Uri.file(file)] };
        return;
      }
    }
    unusedItem?.dispose();
    unusedItem = undefined;
  };

  let pause: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(pause);
    pause = setTimeout(() => void showPayer(), PAUSE);
  };
  const showBoth = () => {
    showServer();
    soon();
  };
  showBoth();
  const watcher = vscode.workspace.createFileSystemWatcher('**/soapstone.toml');
  context.subscriptions.push(
    payer,
    errors,
    server,
    watcher,
    watcher.onDidChange(soon),
    watcher.onDidCreate(soon),
    watcher.onDidDelete(soon),
    {
      dispose: () => {
        clearTimeout(pause);
        unusedItem?.dispose();
      },
    },
    session.client.onDidChangeState(showBoth),
    session.onDidChangeProblem(showServer),
    vscode.window.onDidChangeActiveTextEditor(soon),
    vscode.window.onDidChangeTextEditorSelection((event) => {
      if (event.textEditor === vscode.window.activeTextEditor) {
        soon();
      }
    }),
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === vscode.window.activeTextEditor?.document) {
        soon();
      }
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('soapstone')) {
        soon();
      }
    }),
  );
}

/** Whether a file takes the place of settings that the reader made. Says so once for each file and choice of settings. */
function sayUnused(context: vscode.ExtensionContext, note: vscode.Uri, file: string): boolean {
  const settings = vscode.workspace.getConfiguration('soapstone', note);
  const titles = unused((key) => {
    const set = settings.inspect(key);
    return [set?.globalValue, set?.workspaceValue, set?.workspaceFolderValue].some((value) => value !== undefined);
  });
  if (titles.length === 0) {
    return false;
  }
  const words = unusedWords(titles, file);
  const key = `unused:${file}:${titles.join()}`;
  if (context.workspaceState.get(key) !== true) {
    void context.workspaceState.update(key, true);
    void vscode.window.showInformationMessage(words, 'Open the File', 'Open Settings').then(async (pressed) => {
      if (pressed === 'Open the File') {
        await vscode.window.showTextDocument(vscode.Uri.file(file));
      } else if (pressed === 'Open Settings') {
        await vscode.commands.executeCommand('workbench.action.openSettings', '@ext:soapstone.soapstone');
      }
    });
  }
  return true;
}
