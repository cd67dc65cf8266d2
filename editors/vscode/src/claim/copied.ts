/** Which claims were copied, so that the others can be listed. Nothing of a note is kept: only hashes of what tells a claim from others. */

import { createHash } from 'node:crypto';

/** What tells a claim from the others of its note, and from itself before it was changed. */
export interface Marked {
  id: string;
  mark: string;
}

/** What keeps it until the next time; VS Code's memory of a workspace is one. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

export class Copied {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly memory: Memory) {}

  /** Whether these very claim lines were copied. */
  has(note: string, claim: Marked): boolean {
    return this.of(note)[hash(claim.id)] === claim.mark;
  }

  async add(note: string, claims: readonly Marked[]): Promise<void> {
    const added = Object.fromEntries(claims.map(({ id, mark }) => [hash(id), mark]));
    await this.memory.update(key(note), { ...this.of(note), ...added });
    this.listeners.forEach(listener => listener());
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  }

  private of(note: string): Record<string, unknown> {
    return (this.memory.get(key(note)) as Record<string, unknown> | undefined) ?? {};
  }
}

/** The copies of several claims as one table, under one line of headings. */
export function together(copies: readonly string[]): string {
  return copies.filter(copy => copy !== '').map((copy, index) => (index === 0 ? copy : copy.slice(copy.indexOf('\n') + 1))).join('');
}

const hash = (words: string): string => createHash('sha256').update(words).digest('hex').slice(0, 16);
const key = (note: string): string => `copied:${hash(note)}`;
