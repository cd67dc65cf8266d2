/** Where the blocks of a visit lie in time. */

import type { Block, Session } from '../src/claim/protocol';
import { clockTime } from './format';

/** A part of the width, from 0 to 1. */
export interface Stretch {
  from: number;
  to: number;
}

export interface Tick {
  at: number;
  words: string;
}

export interface Layout {
  /** By the clock; end to end where no block has clock times; or without any minutes to draw. */
  scale: 'clock' | 'minutes' | 'none';
  ticks: Tick[];
  /** The session, where both of its ends are known. */
  session: Stretch | undefined;
  /** For each block where it lies; none for one that cannot be drawn. */
  bars: Stretch[][];
}

/** No more ticks than fit beside each other in a narrow panel. */
const MOST_STEPS = 4;
const STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480];

export function layout(blocks: readonly Block[], session: Session | null): Layout {
  const clocks = blocks.map(block => block.clock.filter(c => c.end > c.start));
  if (clocks.some(c => c.length > 0)) {
    return byClock(clocks, session);
  }
  return endToEnd(blocks);
}

function byClock(clocks: readonly { start: number; end: number }[][], session: Session | null): Layout {
  const all = clocks.flat();
  const known = session && session.start !== null && session.end !== null && session.end > session.start;
  const whole = known ? { start: session.start!, end: session.end! } : undefined;
  const bounds = whole ? [...all, whole] : all;
  const start = Math.min(...bounds.map(c => c.start));
  const end = Math.max(...bounds.map(c => c.end));
  const stretch = (c: { start: number; end: number }): Stretch => ({
    from: (c.start - start) / (end - start),
    to: (c.end - start) / (end - start),
  });
  return {
    scale: 'clock',
    ticks: ticks(start, end, clockTime),
    session: whole && stretch(whole),
    bars: clocks.map(c => c.map(stretch)),
  };
}

function endToEnd(blocks: readonly Block[]): Layout {
  const total = blocks.reduce((sum, block) => sum + (block.minutes ?? 0), 0);
  if (total === 0) {
    return { scale: 'none', ticks: [], session: undefined, bars: blocks.map(() => []) };
  }
  let past = 0;
  const bars = blocks.map(block => {
    const from = past;
    past += block.minutes ?? 0;
    return block.minutes ? [{ from: from / total, to: past / total }] : [];
  });
  return { scale: 'minutes', ticks: ticks(0, total, m => `${m} min`), session: undefined, bars };
}

function ticks(start: number, end: number, words: (minutes: number) => string): Tick[] {
  const step = STEPS.find(s => (end - start) / s <= MOST_STEPS) ?? STEPS.at(-1)!;
  const all: Tick[] = [];
  for (let at = Math.ceil(start / step) * step; at <= end; at += step) {
    all.push({ at: (at - start) / (end - start), words: words(at) });
  }
  return all;
}
