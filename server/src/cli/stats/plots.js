'use strict';
// Draws the page's plots; what they show is in the element "plots", and in the tables in words.
(() => {
  const DAY = 86400;
  const style = getComputedStyle(document.documentElement);
  const color = name => style.getPropertyValue(`--${name}`).trim();
  const format = options => new Intl.DateTimeFormat('en-US', { month: 'short', timeZone: 'UTC', ...options });
  const [dayWords, monthWords] = [format({ day: 'numeric' }), format({ year: 'numeric' })];
  const STEPS = [1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1820].map(days => days * DAY);
  const font = '11px system-ui, sans-serif';
  const axis = { stroke: color('quiet'), font, grid: { stroke: '#e3e8e8', width: 1 }, ticks: { show: false } };
  const bars = uPlot.paths.bars({ size: [0.6, 28], align: 0 });

  const draw = (plot, at) => {
    const days = plot.x;
    const [first, last] = [days[0], days[days.length - 1]];
    const margin = plot.series.some(series => series.bars) ? 4 * DAY : Math.max(DAY / 2, (last - first) * 0.02);
    // A mark at the first day, and at most five more.
    const step = STEPS.find(step => (last - first) / step <= 5) ?? last - first;
    const marks = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
    const words = step < 56 * DAY ? dayWords : monthWords;
    const all = plot.series.flatMap(series => series.values).filter(value => value !== null);
    const top = Math.max(1, ...all, plot.target ?? 0) * 1.15;
    const series = plot.series.map(({ label, bars: isBars, color: name }) => ({
      label,
      stroke: color(name),
      width: isBars ? 0 : 2,
      spanGaps: true,
      ...(isBars ? { fill: color(name), paths: bars, points: { show: false } } : { points: { show: true, size: 6, fill: color(name) } }),
    }));
    const data = [days, ...plot.series.map(({ values }) => values)];
    if (plot.target !== null) {
      series.push({ label: 'goal', stroke: color('goal'), width: 1.5, dash: [8, 4], points: { show: false } });
      data.push(days.map(() => plot.target));
    }
    const options = {
      width: at.clientWidth,
      height: 170,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: true, range: [first - margin, last + margin] }, y: { range: [0, top] } },
      axes: [
        {
          ...axis,
          size: 28,
          splits: () => marks,
          values: (_, splits) => splits.map(seconds => words.format(seconds * 1000)),
        },
        { ...axis, size: 40, space: 24 },
      ],
      series: [{}, ...series],
      padding: [8, 12, 0, 0],
    };
    return new uPlot(options, data, at);
  };

  const drawn = JSON.parse(document.getElementById('plots').textContent).map((plot, index) => {
    const at = document.getElementById(`plot-${index}`);
    at.setAttribute('role', 'img');
    at.setAttribute('aria-label', `${plot.title}; the tables have the figures`);
    return [draw(plot, at), at];
  });
  addEventListener('resize', () => drawn.forEach(([plot, at]) => plot.setSize({ width: at.clientWidth, height: 170 })));
})();
