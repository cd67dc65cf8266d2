/** The rules, as the server tells of them. */

/** A rule as `soapstone/rules` tells of it. */
export interface RuleSummary {
  name: string;
  group: string;
  summary: string;
}

let rules: readonly RuleSummary[] = [];

/** Keeps what a server that was started tells of its rules. */
export function learnRules(told: readonly RuleSummary[]): void {
  rules = told;
}

/** The rules of the server; none before it was started. */
export function knownRules(): readonly RuleSummary[] {
  return rules;
}

export function isRule(name: string | undefined): boolean {
  return rules.some((rule) => rule.name === name);
}

/** Lets links to the rules' pages in Markdown lead to the command that shows them here, without a network. */
export function pagesHere(markdown: string): string {
  return markdown.replace(/\]\(https:\/\/[^)\s]*\/([a-z0-9-]+)\)/g, (link, name: string) =>
    isRule(name) ? `](command:soapstone.explainRule?${encodeURIComponent(JSON.stringify([name]))})` : link,
  );
}
