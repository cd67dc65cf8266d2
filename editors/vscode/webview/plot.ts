/** The course, drawn with uPlot. */

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

import type { PlotView } from './course';
import { shortDayWords } from './format';

const HEIGHT = 140;
const DAY = 86_400;

/** The theme's colours. A canvas takes none from a style sheet, so they are read from elements that do. */
function colour(name: string): string {
  const probe = document.createElement('span');
  probe.className = `colour-${name}`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** Room around the figures, so that no point lies on the edge. */
function bounds({ lines, target, most }: PlotView): [number, number] {
  if (most !== undefined) {
    return [0, most];
  }
  const all = [...lines.flatMap(line => line.values), ...(target === undefined ? [] : [target])];
  return [Math.min(0, ...all), Math.max(...all, 1) * 1.15];
}

export class Plot {
  private readonly drawn: uPlot;

  constructor(
    private readonly at: HTMLElement,
    plot: PlotView,
    [first, last]: [number, number],
  ) {
    const text = colour('text');
    const grid = colour('grid');
    const font = `${getComputedStyle(document.body).fontSize} ${getComputedStyle(document.body).fontFamily}`;
    const main = colour('course');
    const goal = colour('goal');
    const axis: uPlot.Axis = {
      stroke: text,
      font,
      grid: { stroke: grid, width: 1 },
      ticks: { show: false },
    };
    const target = plot.target;
    // The goal holds on all of the days; the visits that found something are a part of them.
    const before = plot.days[0]! > first ? [first] : [];
    const after = plot.days.at(-1)! < last ? [last] : [];
    const days = [...before, ...plot.days, ...after];
    const data: uPlot.AlignedData = [
      days,
      ...plot.lines.map(line => [...before.map(() => null), ...line.values, ...after.map(() => null)]),
      ...(target === undefined ? [] : [days.map(() => target)]),
    ];
    this.drawn = new uPlot(
      {
        width: this.width(),
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        // Days have no time zone.
        tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
        scales: {
          x: { time: true, range: first === last ? [first - DAY, last + DAY] : [first, last] },
          y: { range: bounds(plot) },
        },
        axes: [
          {
            ...axis,
            size: 32,
            space: 70,
            incrs: [1, 2, 7, 14, 28, 56, 91, 182, 364, 728].map(days => days * DAY),
            values: (_, splits) => splits.map(shortDayWords),
          },
          {
            ...axis,
            size: 44,
            space: 22,
            incrs: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 5000, 10_000, 100_000],
          },
        ],
        series: [
          {},
          ...plot.lines.map((_, index) => ({
            stroke: main,
            width: 2,
            // The least of a range is told from the worst by its dashes too.
            dash: index === 0 ? [] : [3, 3],
            points: { show: true, size: 6, fill: main },
          })),
          ...(target === undefined
            ? []
            : [{ stroke: goal, width: 1.5, dash: [8, 4], points: { show: false } } satisfies uPlot.Series]),
        ],
        bands: plot.lines.length === 2 ? [{ series: [1, 2], fill: colour('band') }] : [],
        padding: [8, 28, 0, 0],
      },
      data,
      at,
    );
  }

  fit(): void {
    this.drawn.setSize({ width: this.width(), height: HEIGHT });
  }

  remove(): void {
    this.drawn.destroy();
  }

  private width(): number {
    return Math.max(120, this.at.clientWidth);
  }
}
