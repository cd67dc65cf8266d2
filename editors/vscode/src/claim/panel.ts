import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

/** Shows the claim of the visit at the cursor beside the note. The client outlives restarts of the server. */
export function openClaimPanel(_context: vscode.ExtensionContext, _client: LanguageClient): void {
  void vscode.window.showInformationMessage('The claim preview is not part of this build.');
}
