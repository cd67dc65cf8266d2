/** What is known of the rules without asking the server: the index of their pages. */
import index from '../../../docs/rules/README.md';

export interface RuleSummary {
  name: string;
  group: string;
  finds: string;
}

/** The rules of an index such as `docs/rules/README.md`. */
export function readIndex(markdown: string): RuleSummary[] {
  const rules: RuleSummary[] = [];
  let group = '';
  for (const line of markdown.split(/\r?\n/)) {
    group = /^## (.+)$/.exec(line)?.[1] ?? group;
    const row = /^\| \[([a-z0-9-]+)\]\([^)]*\) \| [^|]* \| (.+) \|$/.exec(line);
    if (row?.[1] && row[2]) {
      rules.push({ name: row[1], group, finds: row[2] });
    }
  }
  return rules;
}

export const RULES: readonly RuleSummary[] = readIndex(index);

/** Lets links to the rules' pages in Markdown lead to the command that shows them here, without a network. */
export function pagesHere(markdown: string): string {
  return markdown.replace(/\]\(https:\/\/[^)\s]*\/([a-z0-9-]+)\)/g, (link, name: string) =>
    RULES.some((rule) => rule.name === name) ? `](command:soapstone.explainRule?${encodeURIComponent(JSON.stringify([name]))})` : link,
  );
}
