import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

import { registerClaimPanel } from './claim/panel';
import { Session } from './client';
import { registerCommands } from './commands';
import { registerRulePages } from './explain';
import { registerStatusItems } from './statusItems';

let session: Session | undefined;

/** What the tests look at. */
export interface Api {
  client: LanguageClient;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const log = vscode.window.createOutputChannel('Soapstone', { log: true });
  const begun = new Session(context, log);
  session = begun;
  context.subscriptions.push(
    log,
    registerRulePages(begun.client),
    vscode.workspace.onDidGrantWorkspaceTrust(() => begun.start()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('soapstone.server.path')) {
        void begun.start();
      }
    }),
  );
  registerCommands(context, begun);
  registerClaimPanel(context, begun.client);
  registerStatusItems(context, begun);
  // Where it does not start, it says so itself; commands such as the log's have to work all the same.
  await begun.start();
  return { client: begun.client };
}

export function deactivate(): Promise<void> | undefined {
  return session?.dispose();
}
