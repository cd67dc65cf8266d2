import { spawn } from 'node:child_process';
import { homedir } from 'node:os';

import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';

import { openClaimPanel } from './claim/panel';
import { findServer, versionOf } from './server';

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<{ client: LanguageClient }> {
  const log = vscode.window.createOutputChannel('Soapstone', { log: true });
  const start = async () => {
    const server = findServer({
      setting: vscode.workspace.getConfiguration('soapstone').get<string>('server.path', ''),
      trusted: vscode.workspace.isTrusted,
      extension: context.extensionPath,
      searchPath: process.env['PATH'] ?? '',
      home: homedir(),
      windows: process.platform === 'win32',
    });
    await versionOf(server.command);
    return spawn(server.command, ['lsp'], { stdio: 'pipe', windowsHide: true });
  };
  const made = new LanguageClient('soapstone', 'Soapstone', start, {
    documentSelector: ['file', 'untitled', 'vscode-vfs'].map((scheme) => ({ language: 'soapnote', scheme })),
    outputChannel: log,
    traceOutputChannel: log,
    initializationOptions: () => ({
      ...vscode.workspace.getConfiguration('soapstone'),
      commands: ['soapstone.copyClaimLines', 'soapstone.nextVisit', 'soapstone.showClaim'],
    }),
  });
  client = made;
  context.subscriptions.push(
    log,
    vscode.commands.registerCommand('soapstone.restart', () => made.restart()),
    vscode.commands.registerCommand('soapstone.showClaim', () => openClaimPanel(context, made)),
  );
  await made.start();
  return { client: made };
}

export function deactivate(): Promise<void> | undefined {
  return client?.dispose();
}
