import * as vscode from 'vscode';
import { State } from 'vscode-languageclient/node';

import { LANGUAGE, type Session } from './client';
import { ask } from './explain';
import { longStatus, shortStatus, unused, unusedWords, type Status } from './status';

/** How long the reader has to pause for the line to be computed again. */
const PAUSE = 300;

/** The two lines in the status of a note's language: how it is judged, and whether the server runs. */
export function registerStatusItems(context: vscode.ExtensionContext, session: Session): void {
  const payer = vscode.languages.createLanguageStatusItem('soapstone.payer', { language: LANGUAGE });
  payer.name = 'Soapstone: Payer';
  payer.command = { title: 'Choose', command: 'soapstone.choosePayer', tooltip: 'Choose who pays' };
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

  let asked = 0;
  const showPayer = async () => {
    const ticket = ++asked;
    const note = vscode.window.activeTextEditor?.document;
    if (note?.languageId !== LANGUAGE) {
      return;
    }
    const status = session.client.isRunning()
      ? ((await ask(session.client, 'soapstone.server.status', session.client.code2ProtocolConverter.asUri(note.uri)).catch(() => null)) as Status | null)
      : null;
    // A later question may have been answered before this one.
    if (ticket !== asked) {
      return;
    }
    payer.text = status ? shortStatus(status) : 'Payer not known yet';
    payer.detail = status ? longStatus(status) : '';
    payer.severity = vscode.LanguageStatusSeverity.Information;
    if (status?.settingsFile) {
      const words = sayUnused(context, note.uri, status.settingsFile);
      if (words !== undefined) {
        payer.severity = vscode.LanguageStatusSeverity.Warning;
        payer.detail = words;
      }
    }
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
    server,
    watcher,
    watcher.onDidChange(soon),
    watcher.onDidCreate(soon),
    watcher.onDidDelete(soon),
    { dispose: () => clearTimeout(pause) },
    session.client.onDidChangeState(showBoth),
    session.onDidChangeProblem(showServer),
    vscode.window.onDidChangeActiveTextEditor(soon),
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

/** Says once for each file, and each choice of settings, that the file takes their place. */
function sayUnused(context: vscode.ExtensionContext, note: vscode.Uri, file: string): string | undefined {
  const settings = vscode.workspace.getConfiguration('soapstone', note);
  const titles = unused((key) => {
    const set = settings.inspect(key);
    return [set?.globalValue, set?.workspaceValue, set?.workspaceFolderValue].some((value) => value !== undefined);
  });
  if (titles.length === 0) {
    return undefined;
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
  return words;
}
