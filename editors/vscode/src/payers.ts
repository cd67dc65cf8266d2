/** The payers to choose from, and where a note or a settings file names its payer. */

/** A payer as `soapstone/payers` tells of it. */
export interface Payer {
  name: string;
  title: string;
  /** What is known of it, in words. */
  about: string;
  own: boolean;
}

export interface PayerChoice {
  label: string;
  description: string;
  detail: string;
  payer: string;
}

/** The payers to show, the reader's own first. Nobody chooses the one of which nothing is known. */
export function payerChoices(payers: readonly Payer[], current: string | undefined): PayerChoice[] {
  const named = payers.filter(({ name }) => name !== 'default');
  const order = [...named.filter(({ own }) => own), ...named.filter(({ own }) => !own)];
  return order.map(({ name, title, about, own }) => ({
    label: name === current ? `$(check) ${title}` : title,
    description: title !== name ? name : own ? 'described in your settings' : '',
    detail: about,
    payer: name,
  }));
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
