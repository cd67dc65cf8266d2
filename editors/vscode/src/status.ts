/** What the status bar says. */

import { dayWords } from '../webview/format';

/** The answer of `soapstone.server.status`. */
export interface Status {
  payer: string;
  payerTitle: string;
  counting: 'cms' | 'ama';
  countingWords: string;
  /** The day of the visit. */
  date: string | null;
  /** How many errors the visit has. */
  errors: number;
  settingsFile: string | null;
  version: string;
}

/** `Medicare, 8-minute rule`. */
export function shortStatus(status: Status): string {
  const rule = status.counting === 'cms' ? '8-minute rule' : 'midpoint rule';
  const title = status.payerTitle;
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}, ${rule}`;
}

/** What the pointer is told: how units are counted, which file decides so, and what a click does. */
export function tooltip(status: Status): string {
  const file = status.settingsFile === null ? '' : ` Settings of ${baseName(status.settingsFile)}.`;
  return `Units are counted ${status.countingWords}.${file} Click to choose who pays.`;
}

/** `2 errors in the visit of Nov 20, 2026`. */
export function errorWords(status: Status): string {
  const errors = `${status.errors} ${status.errors === 1 ? 'error' : 'errors'}`;
  const visit = status.date === null ? 'this visit' : `the visit of ${dayWords(status.date)}`;
  return `${errors} in ${visit}. Click to see the claim and what is open.`;
}

export function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}

/** The settings of the editor that a `soapstone.toml` takes the place of. */
const REPLACED: Readonly<Record<string, string>> = {
  payer: 'Payer',
  rules: 'Rules',
  payers: 'Payers',
  phrases: 'Phrases',
  'hints.units': 'Hints: Units',
  'hints.diagnoses': 'Hints: Diagnoses',
  'hints.goals': 'Hints: Goals',
  'hints.referrals': 'Hints: Referrals',
  'hints.visits': 'Hints: Visits',
};

export const REPLACED_KEYS: readonly string[] = Object.keys(REPLACED);

/** Of the settings that the reader has set, the titles of those that do not hold beside a `soapstone.toml`. */
export function unused(isSet: (key: string) => boolean): string[] {
  return Object.entries(REPLACED).flatMap(([key, title]) => (isSet(key) ? [title] : []));
}

/** Says that settings do not hold. */
export function unusedWords(titles: readonly string[], file: string): string {
  const list = titles.map((title) => `"${title}"`);
  const names = list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
  const verb = titles.length === 1 ? 'is' : 'are';
  return `Notes in this folder follow the file ${baseName(file)}. Your own ${titles.length === 1 ? 'setting' : 'settings'} ${names} ${verb} not used here.`;
}
