import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

import { knownRules, type RuleSummary } from './rules';

const SCHEME = 'soapstone-rule';

/** The address of a rule's page. */
export function rulePage(rule: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${rule}.md` });
}

/** Serves the pages of the rules, which the server holds. */
export function registerRulePages(client: LanguageClient): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent(uri) {
      const rule = uri.path.replace(/^\//, '').replace(/\.md$/, '');
      const page = await ask(client, 'soapstone.server.explain', rule);
      return typeof page === 'string' ? page : `# ${rule}\n\nSoapstone has no rule with this name.`;
    },
  });
}

/** Shows a rule's page to read; asks which one if none is named. */
export async function explainRule(rule: unknown): Promise<void> {
  const name = typeof rule === 'string' ? rule : await chooseRule();
  if (name !== undefined) {
    await vscode.commands.executeCommand('markdown.showPreview', rulePage(name));
  }
}

async function chooseRule(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const here = editor ? vscode.languages.getDiagnostics(editor.document.uri).filter((d) => d.source === 'soapstone') : [];
  // Those at the cursor first: they are what the reader wonders about.
  const cursor = editor?.selection.active;
  const near = (d: vscode.Diagnostic) => (cursor && d.range.start.line <= cursor.line && cursor.line <= d.range.end.line ? 0 : 1);
  const found = [...here].sort((a, b) => near(a) - near(b)).map((d) => (typeof d.code === 'object' ? String(d.code.value) : String(d.code)));
  const item = (rule: RuleSummary) => ({ label: rule.name, detail: rule.summary });
  const rules = knownRules();
  const inNote = [...new Set(found)].flatMap((name) => rules.find((rule) => rule.name === name) ?? []);
  const items: (vscode.QuickPickItem & { label: string })[] = [];
  if (inNote.length > 0) {
    items.push({ label: 'in this note', kind: vscode.QuickPickItemKind.Separator }, ...inNote.map(item));
  }
  let group = '';
  for (const rule of rules.filter((rule) => !inNote.includes(rule))) {
    if (rule.group !== group) {
      group = rule.group;
      items.push({ label: group, kind: vscode.QuickPickItemKind.Separator });
    }
    items.push(item(rule));
  }
  const chosen = await vscode.window.showQuickPick(items, { title: 'Which rule?', matchOnDetail: true });
  return chosen?.label;
}

/** Asks the server for one of its commands. */
export function ask(client: LanguageClient, command: string, ...args: unknown[]): Promise<unknown> {
  return client.sendRequest('workspace/executeCommand', { command, arguments: args });
}
