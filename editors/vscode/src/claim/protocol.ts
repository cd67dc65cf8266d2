/** The answer to `soapstone/claim`, as `docs/protocol.md` describes it, and what panel and page say to each other. */

export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

/** Minutes after midnight. */
export interface Clock {
  start: number;
  end: number;
}

export interface Session {
  start: number | null;
  end: number | null;
  minutes: number | null;
}

export interface Block {
  place: Range;
  code: string;
  label: string | null;
  modifiers: string[];
  clock: Clock[];
  minutes: number | null;
  timed: boolean;
  codeUnits: number;
}

export interface Share {
  code: string;
  units: number;
}

export interface Line {
  code: string;
  modifiers: string[];
  units: number;
  minutes: number;
  incomplete: boolean;
  pointers: string[];
}

export interface Diagnosis {
  letter: string | null;
  code: string;
  title: string | null;
}

export interface Open {
  place: Range;
  rule: string;
  level: string;
  message: string;
  source: string;
}

export interface Pain {
  date: string;
  worst: number;
  least: number;
}

export interface Value {
  date: string;
  value: number;
}

export interface Measure {
  activity: string;
  unit: string;
  target: number;
  values: Value[];
}

export interface Course {
  pain: Pain[];
  painTarget: number | null;
  measures: Measure[];
}

export interface Claim {
  /** By which it can be told from the other claims of the chart. */
  id: string;
  /** Other claim lines have another mark. */
  mark: string;
  place: Range;
  /** As the note writes them. */
  patient: string | null;
  provider: string | null;
  referral: string | null;
  authorization: string | null;
  date: string | null;
  payer: string;
  payerWords: string;
  counting: 'cms' | 'ama';
  countingWords: string;
  /** How many visits of this date and payer the claim covers. */
  visits: number;
  session: Session | null;
  timedMinutes: number;
  timedUnits: number;
  totalMinutes: number;
  incomplete: boolean;
  blocks: Block[];
  why: string[];
  allocations: Share[][];
  chosen: number;
  /** What Medicare allows for the day, in words; only where the settings ask for it. */
  allowed: string | null;
  lines: Line[];
  diagnoses: Diagnosis[];
  open: Open[];
  course: Course;
  text: string;
  copy: string;
}

/** One of the claims of a chart, in the answer to `soapstone/claims`. */
export interface Entry {
  id: string;
  mark: string;
  place: Range;
  date: string | null;
  payerWords: string;
  units: number;
  incomplete: boolean;
  errors: number;
  copy: string;
}

/** A claim of the chart that nobody has copied yet. */
export type Waiting = Omit<Entry, 'copy' | 'mark'>;

/** Why there is no claim to show. */
export type Absence =
  /** No note is open. */
  | 'note'
  /** The note has no visit with anything to bill. */
  | 'visit'
  /** The language server does not answer. */
  | 'server';

/** What the panel tells the page. */
export type ToPage =
  | {
      kind: 'claim';
      claim: Claim;
      /** The visit under the cursor; otherwise the one that is shown in its place. */
      atCursor: boolean;
      /** Those of the chart that were not copied yet, the latest first. */
      waiting: Waiting[];
    }
  | { kind: 'nothing'; lacking: Absence }
  /** The claim lines are on the clipboard, or there were none. */
  | { kind: 'copied'; lines: number };

/** What the page tells the panel. */
export type FromPage = { kind: 'ready' } | { kind: 'copy' } | { kind: 'copyAll' } | { kind: 'print' } | { kind: 'go'; place: Range };

const isPosition = (value: unknown): value is Position => {
  const position = value as Partial<Position> | null;
  return (
    typeof position === 'object' &&
    position !== null &&
    Number.isInteger(position.line) &&
    Number.isInteger(position.character) &&
    position.line! >= 0 &&
    position.character! >= 0
  );
};

/** What the page says, if it is something that a page says. */
export function fromPage(value: unknown): FromPage | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const message = value as { kind?: unknown; place?: Partial<Range> | null };
  switch (message.kind) {
    case 'ready':
    case 'copy':
    case 'copyAll':
    case 'print':
      return { kind: message.kind };
    case 'go': {
      const { start, end } = message.place ?? {};
      return isPosition(start) && isPosition(end) ? { kind: 'go', place: { start, end } } : undefined;
    }
    default:
      return undefined;
  }
}
