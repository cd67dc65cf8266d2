import type { Range } from './protocol';

/** A change of a text: what stood in `range` became `text`. */
export interface Change {
  range: Range;
  text: string;
}

/**
 * Where a line went by changes that are told from the end of the text to its beginning, as editors do.
 * A line that a change begins on stays where it is.
 */
export function movedLine(line: number, changes: readonly Change[]): number {
  let moved = line;
  for (const { range, text } of changes) {
    const { start, end } = range;
    if (start.line > moved || (start.line === moved && start.character > 0)) {
      continue;
    }
    const added = text.split('\n').length - 1;
    if (end.line <= moved) {
      moved += added - (end.line - start.line);
    } else {
      moved = start.line;
    }
  }
  return moved;
}
