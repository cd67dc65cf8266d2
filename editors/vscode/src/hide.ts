import * as vscode from 'vscode';
import type { LanguageClient, WorkspaceEdit } from 'vscode-languageclient/node';

/** A way not to be shown what a rule found, as the light bulb names it. */
export interface Way {
  rule: string;
  title: string;
  edit: WorkspaceEdit;
}

type Choice = vscode.QuickPickItem & { way?: Way };

/** What there is to choose from, rule by rule. */
export function choices(ways: readonly Way[]): Choice[] {
  const rules = [...new Set(ways.map(({ rule }) => rule))];
  return rules.flatMap((rule): Choice[] => {
    const own = ways.filter((way) => way.rule === rule);
    // The rule stands above its choices.
    const items = own.map((way): Choice => ({ label: way.title.replace(`: ${rule}`, ''), way }));
    return [{ label: rule, kind: vscode.QuickPickItemKind.Separator }, ...items];
  });
}

/** Asks where a finding is not to be shown, and writes that down. */
export async function hideFinding(client: LanguageClient, ways: unknown): Promise<void> {
  if (!Array.isArray(ways)) {
    return;
  }
  const chosen = await vscode.window.showQuickPick(choices(ways as Way[]), { title: 'Where should this not be shown?' });
  if (chosen?.way) {
    await hide(client, chosen.way);
  }
}

/** Does it as the light bulb does: what changes in a file that is not open is saved. */
export async function hide(client: LanguageClient, { edit }: Way): Promise<void> {
  const changes = await client.protocol2CodeConverter.asWorkspaceEdit(edit);
  await vscode.workspace.applyEdit(changes, { isRefactoring: true });
}
