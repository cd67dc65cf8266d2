/** Elements of the page. Words are always set as text, so that nothing in a note can become part of the page. */

type Child = Node | string | undefined | false;

export interface Attributes {
  [name: string]: string | boolean | undefined;
}

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) {
      made.setAttribute(key, '');
    } else if (typeof value === 'string') {
      made.setAttribute(key, value);
    }
  }
  made.append(...children.filter(child => child instanceof Node || typeof child === 'string'));
  return made;
}

export interface Column {
  head: string;
  /** Figures stand at the right. */
  figures?: boolean;
}

/** A table whose first column names the rows. */
export function table(caption: string, columns: readonly Column[], rows: readonly (Node | string)[][]): HTMLElement {
  const figures = (index: number): Attributes => (columns[index]?.figures ? { class: 'figure' } : {});
  const made = element(
    'table',
    {},
    element('caption', {}, caption),
    element(
      'thead',
      {},
      element('tr', {}, ...columns.map((c, i) => element('th', { scope: 'col', ...figures(i) }, c.head))),
    ),
    element(
      'tbody',
      {},
      ...rows.map(cells =>
        element(
          'tr',
          {},
          ...cells.map((cell, i) =>
            i === 0 ? element('th', { scope: 'row' }, cell) : element('td', figures(i), cell),
          ),
        ),
      ),
    ),
  );
  // A wide table scrolls by itself, and the page does not.
  return element('div', { class: 'scrolls', role: 'group', 'aria-label': caption }, made);
}

/** A section whose contents are made anew only when they change; the keyboard's focus stays where it was. */
export class Section {
  readonly root: HTMLElement;
  private readonly contents = element('div');
  private drawn: string | undefined;

  constructor(id: string, heading: string | undefined, rest?: Node) {
    const head = heading === undefined ? undefined : element('h2', { id: `${id}-heading` }, heading);
    this.root = element(
      'section',
      { id, 'aria-labelledby': head ? `${id}-heading` : undefined },
      head,
      this.contents,
      rest,
    );
  }

  /** Whether anything changed. `model` decides it. */
  draw(model: unknown, ...children: (() => Child)[]): boolean {
    const wanted = JSON.stringify(model);
    if (wanted === this.drawn) {
      return false;
    }
    this.drawn = wanted;
    const focused = document.activeElement;
    const key = focused && this.contents.contains(focused) ? focused.getAttribute('data-key') : undefined;
    const made = children.map(child => child()).filter(child => child instanceof Node || typeof child === 'string');
    this.contents.replaceChildren(...made);
    if (key) {
      this.contents.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
    }
    return true;
  }

  show(shown: boolean): void {
    this.root.hidden = !shown;
  }
}
