/** Figures in words, as a clinician reads them. */

import type { Clock } from '../src/claim/protocol';

/** `1 unit`, `2 units`. */
export function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Minutes after midnight as `16:05`, the way the findings name them. */
export function clockTime(minutes: number): string {
  const hour = Math.floor(minutes / 60) % 24;
  return `${hour}:${String(minutes % 60).padStart(2, '0')}`;
}

/** `16:05–16:50`. */
export function clockRange({ start, end }: Clock): string {
  return `${clockTime(start)}–${clockTime(end)}`;
}

// The day of a note belongs to no time zone.
const day = new Intl.DateTimeFormat('en-US', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const shortDay = new Intl.DateTimeFormat('en-US', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Seconds since 1970 of `2026-11-20`. */
export function secondsOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 1000;
}

/** `2026-11-20` as `Nov 20, 2026`. */
export function dayWords(date: string): string {
  const time = secondsOf(date) * 1000;
  return Number.isNaN(time) ? date : day.format(time);
}

/** `Nov 20`, of seconds since 1970. */
export function shortDayWords(seconds: number): string {
  return shortDay.format(seconds * 1000);
}

/** `97140-59`. */
export function codeWords(code: string, modifiers: readonly string[]): string {
  return [code, ...modifiers].join('-');
}

export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
