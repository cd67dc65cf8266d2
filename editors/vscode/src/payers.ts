/** The payers to choose from, and where a note or a settings file names its payer. */

export interface PayerChoice {
  name: string;
  title: string;
}

/** The profiles that the server has; a test compares them with docs/payers.md. */
export const BUILT_IN: readonly PayerChoice[] = [
  { name: 'medicare', title: 'Medicare, and plans that follow it' },
  { name: 'medicare-chiro', title: 'Medicare, chiropractic' },
  { name: 'commercial', title: 'A commercial health plan' },
  { name: 'auto', title: 'An auto insurer' },
  { name: 'workers-comp', title: "Workers' compensation" },
  { name: 'wa-lni', title: 'Washington L&I' },
  { name: 'hi-wc', title: "Hawaii workers' compensation and no-fault" },
  { name: 'premera', title: 'Premera and LifeWise' },
  { name: 'evicore', title: 'A plan managed by eviCore' },
  { name: 'start-stop', title: 'A plan that wants start and end of every timed code' },
  { name: 'wa', title: 'What Washington asks of a massage record' },
  { name: 'md', title: 'What Maryland asks of a massage record' },
  { name: 'ma', title: 'What Massachusetts asks of a massage record' },
];

/** The names of the payers that a `soapstone.toml` describes. */
export function payersOf(toml: string): string[] {
  const heading = /^[ \t]*\[[ \t]*payers[ \t]*\.[ \t]*(?:"([^"\r\n]+)"|'([^'\r\n]+)'|([A-Za-z0-9_-]+))/gm;
  const names = [...toml.matchAll(heading)].map((found) => found[1] ?? found[2] ?? found[3] ?? '');
  return [...new Set(names)];
}

/** Puts `text` in the place of the lines from `start` up to `end`, which may be none. */
export interface LineEdit {
  start: number;
  end: number;
  text: string;
}

const PAYER = /^(?:payer|insurer|insurance|plan[ \t]+name)[ \t]*:/i;
const VISIT = /^(?:visit|dos|date[ \t]+of[ \t]+service):/i;

/**
 * How to write the payer into a note. The last visit's own line counts for that visit, else the one before the
 * first visit counts for all; a note without one gets it there, below the patient.
 */
export function payerInNote(lines: readonly string[], payer: string): LineEdit {
  const text = `payer: ${payer}`;
  const visits = lines.flatMap((line, index) => (VISIT.test(line) ? [index] : []));
  const first = visits[0] ?? lines.length;
  const find = (from: number, to: number) => {
    const found = lines.slice(from, to).findIndex((line) => PAYER.test(line));
    return found < 0 ? undefined : from + found;
  };
  const found = find(visits.at(-1) ?? 0, lines.length) ?? find(0, first);
  if (found !== undefined) {
    let end = found + 1;
    // What is indented below the line belongs to it.
    while (end < lines.length && /^[ \t]+[^ \t]/.test(lines[end] ?? '') && !/^[ \t]+(?:\d{5}|[A-Za-z]\d{4}|\/\/)/.test(lines[end] ?? '')) {
      end += 1;
    }
    return { start: found, end, text };
  }
  const patient = lines.slice(0, first).findIndex((line) => /^patient[ \t]*:/i.test(line));
  const comments = lines.findIndex((line) => !/^[ \t]*\/\//.test(line));
  const at = patient >= 0 ? patient + 1 : Math.max(comments, 0);
  return { start: at, end: at, text };
}

/** How to write the payer into a `soapstone.toml`: before the first table, or it would belong to that. */
export function payerInSettingsFile(toml: string, payer: string): string {
  const line = `payer = ${JSON.stringify(payer)}`;
  const lineBreak = toml.includes('\r\n') ? '\r\n' : '\n';
  const lines = toml.split(/\r?\n/);
  const table = lines.findIndex((text) => /^[ \t]*\[/.test(text));
  const top = table < 0 ? lines.length : table;
  const found = lines.slice(0, top).findIndex((text) => /^[ \t]*(?:payer|"payer")[ \t]*=/.test(text));
  if (found >= 0) {
    const comment = /#[^"']*$/.exec(lines[found] ?? '')?.[0];
    lines[found] = comment === undefined ? line : `${line} ${comment}`;
  } else {
    // Below what the file says of itself.
    const comments = lines.findIndex((text) => !/^[ \t]*#/.test(text));
    lines.splice(Math.max(comments, 0), 0, line);
  }
  return lines.join(lineBreak);
}
