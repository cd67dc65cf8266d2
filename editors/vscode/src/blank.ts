/** Where the Tab key goes to a blank. Nothing here knows of VS Code. */

const BLANK = /_{3,}/g;

/**
 * Whether Tab is to go to a blank below the selection from `start` to `end`. At the beginning of a line it indents the
 * line as ever, unless a blank is selected there.
 */
export function blankAhead(text: string, start: number, end: number): boolean {
  const selected = text.slice(start, end);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const atBeginning = text.slice(lineStart, start).trim() === '';
  if (atBeginning && !/^_{3,}$/.test(selected)) {
    return false;
  }
  BLANK.lastIndex = end;
  return BLANK.test(text);
}
