/** The claim in the words and figures that the page shows. Nothing here knows of the page. */

import type { Block, Claim, Line, Open, Range, Waiting } from '../src/claim/protocol';
import { type CourseView, courseView } from './course';
import { clockRange, codeWords, counted, dayWords, listed } from './format';
import { type Layout, layout } from './timeline';

/** Something in the note that can be gone to. */
export interface Place {
  place: Range;
  /** Names it among its neighbours, so that the keyboard's focus stays on it when the picture changes. */
  key: string;
}

export interface Fact {
  term: string;
  words: string;
}

export interface BlockView extends Place {
  code: string;
  label: string;
  /** Clock times, minutes and what they count for. */
  words: string;
  timed: boolean;
  missing: boolean;
}

export interface ShareView {
  code: string;
  minutes: number;
  whole: number;
  left: number;
  units: number;
}

export interface LineView {
  code: string;
  modifiers: string;
  label: string;
  minutes: string;
  units: string;
  pointers: string;
  billed: boolean;
  place: Place | undefined;
}

export interface OpenView extends Place {
  level: 'error' | 'warning';
  levelWords: string;
  message: string;
  source: string;
}

export interface WaitingView extends Place {
  day: string;
  payer: string;
  units: string;
  /** What stands in its way. */
  state: string;
}

/** The claims of the chart that nobody has copied yet. */
export interface WaitingList {
  rows: WaitingView[];
  /** How many more there are. */
  more: string;
  /** What a press copies; nothing where there is nothing to copy. */
  press: string;
}

export interface View {
  title: string;
  totals: string;
  facts: Fact[];
  blocks: BlockView[];
  timeline: Layout;
  shares: ShareView[];
  why: string[];
  /** The other right ways to share the units. */
  others: string[];
  lines: LineView[];
  total: string;
  copy: { possible: boolean; words: string };
  diagnoses: { letter: string; code: string; title: string }[];
  open: OpenView[];
  course: CourseView;
  /** What a screen reader says when it changes. */
  announcement: string;
}

/** More right ways than these help nobody to choose. */
const MOST_OTHERS = 5;

export function view(claim: Claim): View {
  const blocks = claim.blocks.map(blockView);
  const units = claim.lines.reduce((sum, line) => sum + line.units, 0);
  const open = claim.open.map(openView);
  const total = claim.incomplete
    ? 'The units are not final until every timed code has its minutes'
    : `${counted(units, 'unit')} on the claim`;
  return {
    title: claim.date === null ? 'Visit without a date' : `Visit of ${dayWords(claim.date)}`,
    totals: totals(claim),
    facts: facts(claim),
    blocks,
    timeline: layout(claim.blocks, claim.session),
    shares: shares(claim),
    why: claim.why,
    others: others(claim),
    lines: claim.lines.map((line, index) => lineView(claim, line, index)),
    total,
    copy: copy(claim),
    diagnoses: claim.diagnoses.map(({ letter, code, title }) => ({
      letter: letter ?? 'none',
      code,
      title: title ?? 'not a code of the current release',
    })),
    open,
    course: courseView(claim.course),
    announcement: claim.blocks.length === 0 ? '' : `${total}. ${openWords(open)}.`,
  };
}

function totals(claim: Claim): string {
  if (claim.blocks.length === 0) {
    return 'No timed or billed block was read in this visit.';
  }
  if (!claim.blocks.some(block => block.timed)) {
    return 'No timed code in this visit.';
  }
  const minutes = counted(claim.timedMinutes, 'timed minute');
  if (claim.incomplete) {
    const soFar = claim.timedMinutes === 0 ? 'No timed minutes yet' : `${minutes} so far`;
    return `${soFar}; the units are not final`;
  }
  return `${minutes}, ${counted(claim.timedUnits, 'unit')}`;
}

function facts(claim: Claim): Fact[] {
  const all: Fact[] = [
    { term: 'Patient', words: claim.patient ?? '' },
    { term: 'Payer', words: claim.payerWords },
    { term: 'Provider', words: claim.provider ?? '' },
    { term: 'Referral', words: claim.referral ?? '' },
    { term: 'Authorization', words: claim.authorization ?? '' },
  ];
  if (claim.visits > 1) {
    all.push({ term: 'Visits', words: `${claim.visits} on this day, one claim` });
  }
  if (claim.session) {
    const { start, end, minutes } = claim.session;
    const parts = [
      start === null || end === null ? '' : clockRange({ start, end }),
      minutes === null ? '' : counted(minutes, 'minute'),
    ];
    all.push({ term: 'Session', words: parts.filter(Boolean).join(', ') });
  }
  if (claim.totalMinutes > 0) {
    all.push({ term: 'Treatment', words: `${counted(claim.totalMinutes, 'minute')} in all` });
  }
  if (claim.blocks.length > 0) {
    all.push({ term: 'Units counted', words: claim.countingWords });
  }
  if (claim.allowed !== null) {
    all.push({ term: 'Medicare allows', words: `about ${claim.allowed}` });
  }
  return all.filter(fact => fact.words !== '');
}

function blockView(block: Block, index: number): BlockView {
  const clock = listed(block.clock.map(clockRange));
  const minutes = block.minutes === null ? undefined : counted(block.minutes, 'minute');
  const missing = block.timed && block.minutes === null;
  const words = [
    clock,
    minutes ?? (missing ? (clock ? 'no minutes that count' : 'minutes missing') : ''),
    block.timed ? '' : 'untimed',
  ];
  return {
    place: block.place,
    key: `block-${index}`,
    code: codeWords(block.code, block.modifiers),
    label: block.label ?? '',
    words: words.filter(Boolean).join(', '),
    timed: block.timed,
    missing,
  };
}

/** The sum of each code that takes part in the sharing. */
function shares(claim: Claim): ShareView[] {
  if (claim.incomplete) {
    return [];
  }
  return (claim.allocations[claim.chosen] ?? []).map(({ code, units }) => {
    const minutes = claim.blocks.filter(b => b.code === code).reduce((sum, b) => sum + (b.minutes ?? 0), 0);
    return { code, minutes, whole: Math.floor(minutes / 15), left: minutes % 15, units };
  });
}

function others(claim: Claim): string[] {
  if (claim.incomplete) {
    return [];
  }
  const all = claim.allocations.filter((_, index) => index !== claim.chosen);
  const words = all
    .slice(0, MOST_OTHERS)
    .map(way => listed(way.filter(share => share.units > 0).map(share => `${share.units} of ${share.code}`)));
  const more = all.length - words.length;
  return more > 0 ? [...words, `and ${counted(more, 'more way')}`] : words;
}

function lineView(claim: Claim, line: Line, number: number): LineView {
  const same = (block: Block): boolean =>
    block.code === line.code && block.modifiers.join() === line.modifiers.join();
  const at = claim.blocks.findIndex(same);
  const index = at < 0 ? claim.blocks.findIndex(block => block.code === line.code) : at;
  const block = claim.blocks[index];
  return {
    code: line.code,
    modifiers: line.modifiers.join(' '),
    label: block?.label ?? '',
    minutes: line.minutes === 0 ? '' : String(line.minutes),
    units: line.incomplete ? 'open' : line.units === 0 ? '0, not billed' : String(line.units),
    pointers: line.pointers.join(''),
    billed: line.units > 0 && !line.incomplete,
    place: block && { place: block.place, key: `line-${number}` },
  };
}

function copy(claim: Claim): View['copy'] {
  if (claim.copy !== '') {
    return { possible: true, words: '' };
  }
  const words = claim.incomplete
    ? 'The lines can be copied when every timed code has its minutes.'
    : 'No line of this visit earns a unit.';
  return { possible: false, words };
}

function openView(open: Open, index: number, all: readonly Open[]): OpenView {
  const level = open.level === 'error' ? 'error' : 'warning';
  return {
    place: open.place,
    // The number among its own kind: another finding that is mended does not change it.
    key: `open-${open.rule}-${all.slice(0, index).filter(other => other.rule === open.rule).length}`,
    level,
    levelWords: level === 'error' ? 'Error' : 'Warning',
    message: open.message,
    source: open.source,
  };
}

function openWords(open: readonly OpenView[]): string {
  return open.length === 0 ? 'Nothing is open' : `${counted(open.length, 'thing')} still open`;
}

/** More than these are counted, not shown. */
const MOST_WAITING = 10;

export function waitingList(waiting: readonly Waiting[]): WaitingList {
  const ready = waiting.filter(one => !one.incomplete && one.units > 0).length;
  const rows = waiting.slice(0, MOST_WAITING).map(one => ({
    place: one.place,
    key: `waiting-${one.id}`,
    day: one.date === null ? 'without a date' : dayWords(one.date),
    payer: one.payerWords,
    units: one.incomplete ? 'open' : String(one.units),
    state: [one.incomplete ? 'minutes missing' : '', one.errors > 0 ? counted(one.errors, 'error') : ''].filter(Boolean).join(', '),
  }));
  const more = waiting.length - rows.length;
  return {
    rows,
    more: more > 0 ? `and ${counted(more, 'earlier visit')}` : '',
    press: ready === 0 ? '' : ready === 1 ? 'Copy this one' : `Copy all ${ready}`,
  };
}

/** `2 claim lines are on the clipboard.` */
export function copiedWords(lines: number): string {
  return lines === 0
    ? 'There was nothing to copy.'
    : `${counted(lines, 'claim line')} ${lines === 1 ? 'is' : 'are'} on the clipboard.`;
}
