/** Pain and the goals' measures over the chart's visits, ready to be drawn, read out and put into a table. */

import type { Course, Measure, Pain } from '../src/claim/protocol';
import { capital, dayWords, secondsOf } from './format';

/** One plot. */
export interface PlotView {
  name: string;
  /** The plot in a sentence. */
  words: string;
  /** Seconds since 1970. */
  days: number[];
  /** One line, or two where the visits name a least and a worst. */
  lines: { name: string; values: number[] }[];
  target: number | undefined;
  /** The end of the scale, where the scale is a given one. */
  most: number | undefined;
}

export interface CourseView {
  plots: PlotView[];
  /** From the first day to the last, the same for all plots. */
  span: [number, number];
  table: { columns: string[]; rows: { day: string; cells: string[] }[] };
}

const painWords = ({ worst, least }: Pain): string => (worst === least ? `${worst}` : `${least} to ${worst}`);

export function courseView({ pain, painTarget, measures }: Course): CourseView {
  const found = measures.filter(measure => measure.values.length > 0);
  const plots = found.map(measurePlot);
  if (pain.length > 0) {
    plots.unshift(painPlot(pain, painTarget));
  }
  const days = plots.flatMap(plot => plot.days);
  return { plots, span: [Math.min(...days), Math.max(...days)], table: table(pain, painTarget, found) };
}

/** `from 7 on Aug 31, 2026 to 1 on Nov 16, 2026`. */
function fromTo(visits: readonly { date: string; words: string }[]): string {
  const [first, last] = [visits[0]!, visits.at(-1)!];
  const one = (visit: { date: string; words: string }): string => `${visit.words} on ${dayWords(visit.date)}`;
  return visits.length === 1 ? one(first) : `from ${one(first)} to ${one(last)}`;
}

function painPlot(pain: readonly Pain[], target: number | null): PlotView {
  const goal = target === null ? '' : `; the goal is ${target} or less`;
  const days = pain.map(p => secondsOf(p.date));
  const worst = { name: 'worst', values: pain.map(p => p.worst) };
  const least = { name: 'least', values: pain.map(p => p.least) };
  return {
    name: 'Pain out of 10',
    words: `${fromTo(pain.map(p => ({ date: p.date, words: painWords(p) })))}${goal}`,
    days,
    lines: pain.some(p => p.worst !== p.least) ? [worst, least] : [worst],
    target: target ?? undefined,
    most: 10,
  };
}

function measurePlot({ activity, unit, target, values }: Measure): PlotView {
  return {
    name: measureName(activity, unit),
    words: `${fromTo(values.map(v => ({ date: v.date, words: String(v.value) })))}; the goal is ${target}`,
    days: values.map(v => secondsOf(v.date)),
    lines: [{ name: 'found', values: values.map(v => v.value) }],
    target,
    most: undefined,
  };
}

const measureName = (activity: string, unit: string): string =>
  unit === '' ? capital(activity) : `${capital(activity)}, ${unit}`;

function table(pain: readonly Pain[], painTarget: number | null, measures: readonly Measure[]): CourseView['table'] {
  const columns: { head: string; cells: { date: string; words: string }[] }[] = measures.map(m => ({
    head: `${measureName(m.activity, m.unit)} (goal ${m.target})`,
    cells: m.values.map(v => ({ date: v.date, words: String(v.value) })),
  }));
  if (pain.length > 0) {
    columns.unshift({
      head: painTarget === null ? 'Pain out of 10' : `Pain out of 10 (goal ${painTarget})`,
      cells: pain.map(p => ({ date: p.date, words: painWords(p) })),
    });
  }
  const days = [...new Set(columns.flatMap(c => c.cells.map(cell => cell.date)))].sort();
  return {
    columns: columns.map(c => c.head),
    rows: days.map(date => ({
      day: dayWords(date),
      cells: columns.map(c =>
        c.cells
          .filter(cell => cell.date === date)
          .map(cell => cell.words)
          .join(', '),
      ),
    })),
  };
}
