/** The page: sections that are made once and drawn again when their part of the claim changes. */

import './style.css';

import type { Absence, FromPage, ToPage } from '../src/claim/protocol';
import type { CourseView } from './course';
import { Section, element, table } from './elements';
import { counted } from './format';
import { type BlockView, type OpenView, type Place, type View, type WaitingList, copiedWords, view, waitingList } from './model';
import { Plot } from './plot';

const LACKING: Record<Absence, string> = {
  note: 'Open a note to see the claim of the visit at the cursor.',
  visit: 'This note has nothing to bill yet. Begin a line with a procedure code, and its claim appears here.',
  server: 'Soapstone is not answering. If this stays, choose “Soapstone: Restart” in the Command Palette.',
};
/** A reader is told of new totals once the typist has paused. */
const ANNOUNCE_AFTER = 1000;

export interface Memory {
  get(): unknown;
  set(state: unknown): void;
}

export class Page {
  private readonly notice = element('p', { class: 'notice', hidden: true });
  private readonly title = element('h1', {}, 'Claim');
  private readonly body = element('div', { hidden: true });
  private readonly head = new Section('head', undefined);
  private readonly open = new Section('open', 'Still open');
  private readonly lines = new Section('lines', 'Claim lines');
  private readonly waiting = new Section('waiting', 'Not copied yet');
  private readonly timeline = new Section('timeline', 'Timeline');
  private readonly units = new Section('units', 'How the units were divided');
  private readonly course = new Section('course', 'Course');
  private readonly copyButton = element('button', { type: 'button', 'aria-describedby': 'copy-words' }, 'Copy claim lines');
  private readonly printButton = element('button', { type: 'button', class: 'second' }, 'Print');
  private readonly copyWords = element('span', { id: 'copy-words', class: 'quiet' });
  private readonly sections = [this.head, this.lines, this.open, this.waiting, this.timeline, this.units, this.course];
  private plots: Plot[] = [];
  private courseShown: CourseView | undefined;
  private announced = '';
  private announcing: ReturnType<typeof setTimeout> | undefined;
  private dataOpen: boolean;

  constructor(
    root: HTMLElement,
    private readonly announcements: HTMLElement,
    private readonly tell: (message: FromPage) => void,
    private readonly memory: Memory,
  ) {
    this.dataOpen = (memory.get() as { dataOpen?: unknown } | undefined)?.dataOpen === true;
    this.lines.root.append(element('p', { class: 'actions' }, this.copyButton, this.printButton, this.copyWords));
    this.copyButton.addEventListener('click', () => {
      // The button keeps the focus when it can do nothing, and says why.
      if (this.copyButton.getAttribute('aria-disabled') !== 'true') {
        this.tell({ kind: 'copy' });
      }
    });
    this.printButton.addEventListener('click', () => this.tell({ kind: 'print' }));
    this.body.append(...this.sections.map(section => section.root));
    root.append(this.title, this.notice, this.body);
    new ResizeObserver(() => {
      this.plots.forEach(plot => plot.fit());
      reachScrolling(root);
    }).observe(this.body);
    // A theme is told by the classes and styles of the page.
    new MutationObserver(() => this.drawPlots()).observe(document.body, { attributeFilter: ['class'] });
    matchMedia('(forced-colors: active)').addEventListener('change', () => this.drawPlots());
  }

  hear(message: ToPage): void {
    switch (message.kind) {
      case 'claim':
        this.draw(view(message.claim), message.atCursor, waitingList(message.waiting));
        break;
      case 'nothing':
        this.lack(message.lacking);
        break;
      case 'copied':
        this.copyWords.textContent = copiedWords(message.lines);
        this.announce(copiedWords(message.lines));
        break;
    }
  }

  /** While the server is away the last picture stays; nothing else may stay of a note that is closed. */
  private lack(lacking: Absence): void {
    this.notice.hidden = false;
    this.notice.textContent = LACKING[lacking];
    if (lacking !== 'server') {
      this.body.hidden = true;
      this.title.textContent = 'Claim';
      for (const section of this.sections) {
        section.draw(null);
      }
      this.courseShown = undefined;
      this.drawPlots();
    }
    this.later(this.notice.textContent);
  }

  private draw(shown: View, atCursor: boolean, waiting: WaitingList): void {
    this.body.hidden = false;
    this.title.textContent = shown.title;
    this.notice.hidden = atCursor;
    this.notice.textContent = atCursor ? '' : 'The cursor is not in a visit, so this one is shown.';
    this.drawHead(shown);
    this.drawLines(shown);
    this.drawOpen(shown);
    this.drawWaiting(waiting);
    this.drawTimeline(shown);
    this.drawUnits(shown);
    this.drawCourse(shown.course);
    reachScrolling(this.body);
    this.later(shown.announcement);
  }

  private drawHead({ totals, facts }: View): void {
    this.head.draw(
      { totals, facts },
      () => element('p', { class: 'totals' }, totals),
      () =>
        element(
          'dl',
          {},
          ...facts.map(fact => element('div', {}, element('dt', {}, fact.term), element('dd', {}, fact.words))),
        ),
    );
  }

  private drawLines({ lines, total, copy, diagnoses }: View): void {
    this.lines.show(lines.length > 0);
    const changed = this.lines.draw(
      { lines, total, copy, diagnoses },
      () =>
        table(
          total,
          [
            { head: 'Code' },
            { head: 'Modifiers' },
            { head: 'Units', figures: true },
            { head: 'Minutes', figures: true },
            { head: 'Diagnoses' },
            { head: 'What it is' },
          ],
          lines.map(line => [
            line.place ? this.link(line.place, line.code) : line.code,
            line.modifiers,
            line.units,
            line.minutes,
            line.pointers,
            element('span', { class: 'quiet' }, line.label),
          ]),
        ),
      () =>
        diagnoses.length === 0
          ? element('p', {}, 'No diagnosis for these lines to point to.')
          : table(
              'Diagnoses',
              [{ head: 'Letter' }, { head: 'Code' }, { head: 'Title' }],
              diagnoses.map(({ letter, code, title }) => [letter, code, title]),
            ),
    );
    if (changed) {
      this.copyButton.setAttribute('aria-disabled', String(!copy.possible));
      this.copyWords.textContent = copy.words;
    }
  }

  private drawOpen({ open }: View): void {
    this.open.draw(open, () =>
      open.length === 0
        ? element('p', {}, 'Soapstone sees nothing that a payer would deny or ask for.')
        : element('ul', { class: 'open' }, ...open.map(one => this.openItem(one))),
    );
  }

  private openItem(open: OpenView): HTMLElement {
    return element(
      'li',
      { class: open.level },
      element('span', { class: 'level' }, open.levelWords),
      ' ',
      this.link(open, open.message),
      element('span', { class: 'quiet source' }, open.source),
    );
  }

  private drawWaiting({ rows, more, press }: WaitingList): void {
    this.waiting.show(rows.length > 0);
    this.waiting.draw(
      { rows, more, press },
      () =>
        table(
          'Visits of this chart whose claim lines were not copied, or have changed since',
          [{ head: 'Visit' }, { head: 'Payer' }, { head: 'Units', figures: true }, { head: 'Still open' }],
          rows.map(row => [this.link(row, row.day), row.payer, row.units, row.state]),
        ),
      () => more !== '' && element('p', { class: 'quiet' }, more),
      () => {
        if (press === '') {
          return false;
        }
        const button = element('button', { type: 'button', class: 'second', 'data-key': 'copy-all' }, press);
        button.addEventListener('click', () => this.tell({ kind: 'copyAll' }));
        return element('p', { class: 'actions' }, button);
      },
    );
  }

  private drawTimeline({ blocks, timeline }: View): void {
    this.timeline.show(blocks.length > 0);
    this.timeline.draw(
      { blocks, timeline },
      () =>
        element(
          'ol',
          { class: 'blocks' },
          ...blocks.map((block, index) => this.blockItem(block, index, { timeline })),
        ),
      () => {
        if (timeline.scale === 'none') {
          return undefined;
        }
        const axis = element('div', { class: 'axis', 'aria-hidden': 'true' });
        for (const tick of timeline.ticks) {
          const mark = element('span', { class: tick.at > 0.9 ? 'last' : tick.at < 0.1 ? 'first' : '' }, tick.words);
          mark.style.left = `${tick.at * 100}%`;
          axis.append(mark);
        }
        return axis;
      },
      () => timeline.session && element('p', { class: 'quiet', 'aria-hidden': 'true' }, 'The band behind the bars is the session.'),
    );
  }

  private blockItem(block: BlockView, index: number, { timeline }: Pick<View, 'timeline'>): HTMLElement {
    const track = element('div', { class: 'track', 'aria-hidden': 'true' });
    const add = (kind: string, { from, to }: { from: number; to: number }): void => {
      const bar = element('span', { class: kind });
      bar.style.left = `${from * 100}%`;
      bar.style.width = `${(to - from) * 100}%`;
      track.append(bar);
    };
    if (timeline.session) {
      add('session', timeline.session);
    }
    for (const stretch of timeline.bars[index] ?? []) {
      add(block.timed ? 'bar' : 'bar untimed', stretch);
    }
    const unplaced = timeline.scale === 'clock' && timeline.bars[index]?.length === 0;
    return element(
      'li',
      {},
      element(
        'p',
        {},
        this.link(block, block.code),
        block.label && ` ${block.label}`,
        block.words !== '' && element('span', { class: block.missing ? 'missing' : 'quiet' }, ` ${block.words}`),
        unplaced && !block.missing && element('span', { class: 'quiet' }, ', no clock times'),
      ),
      timeline.scale !== 'none' && !unplaced && track,
    );
  }

  private drawUnits({ shares, why, others }: View): void {
    this.units.show(why.length > 0);
    this.units.draw(
      { shares, why, others },
      () =>
        shares.length > 0 &&
        table(
          'Timed codes',
          [
            { head: 'Code' },
            { head: 'Minutes', figures: true },
            { head: 'Whole 15 min', figures: true },
            { head: 'Left over', figures: true },
            { head: 'Units', figures: true },
          ],
          shares.map(share => [
            share.code,
            String(share.minutes),
            String(share.whole),
            `${share.left} min`,
            String(share.units),
          ]),
        ),
      () => element('ol', { class: 'why' }, ...why.map(sentence => element('li', {}, sentence))),
      () =>
        others.length > 0 &&
        element(
          'div',
          {},
          element('p', {}, `Just as right ${others.length === 1 ? 'is' : 'are'}:`),
          element('ul', {}, ...others.map(words => element('li', {}, words))),
        ),
    );
  }

  private drawCourse(course: CourseView): void {
    this.course.show(course.plots.length > 0);
    const changed = this.course.draw(
      course,
      ...course.plots.map(plot => () => {
        const key = element('span', { class: 'key', 'aria-hidden': 'true' });
        const drawn = plot.days.length > 1;
        if (drawn && plot.lines.length === 2) {
          key.append(element('span', { class: 'key-worst' }, 'worst'), element('span', { class: 'key-least' }, 'least'));
        }
        if (drawn && plot.target !== undefined) {
          key.append(element('span', { class: 'key-goal' }, 'goal'));
        }
        return element(
          'figure',
          {},
          element('figcaption', {}, element('strong', {}, plot.name), ` ${plot.words}`, key),
          drawn && element('div', { class: 'plot', 'aria-hidden': 'true' }),
        );
      }),
      () => {
        const details = element(
          'details',
          { open: this.dataOpen },
          element('summary', { 'data-key': 'course-data' }, `The figures of ${counted(course.table.rows.length, 'visit')}`),
          table(
            'Course over the visits',
            [{ head: 'Visit' }, ...course.table.columns.map(head => ({ head, figures: true }))],
            course.table.rows.map(row => [row.day, ...row.cells]),
          ),
        );
        details.addEventListener('toggle', () => {
          this.dataOpen = details.open;
          this.memory.set({ dataOpen: details.open });
        });
        return details;
      },
    );
    if (changed) {
      this.courseShown = course;
      this.drawPlots();
    }
  }

  private drawPlots(): void {
    this.plots.forEach(plot => plot.remove());
    const drawn = (this.courseShown?.plots ?? []).filter(plot => plot.days.length > 1);
    const places = this.course.root.querySelectorAll<HTMLElement>('.plot');
    this.plots = drawn.map((plot, index) => new Plot(places[index]!, plot, this.courseShown!.span));
  }

  /** Leads to a place in the note. */
  private link({ place, key }: Place, words: string): HTMLElement {
    const button = element('button', { type: 'button', class: 'link', 'data-key': key }, words);
    button.addEventListener('click', () => this.tell({ kind: 'go', place }));
    return button;
  }

  private later(words: string): void {
    clearTimeout(this.announcing);
    if (words !== '' && words !== this.announced) {
      this.announcing = setTimeout(() => this.announce(words), ANNOUNCE_AFTER);
    }
  }

  private announce(words: string): void {
    this.announced = words;
    // The same words twice are told twice only if they come as something new.
    this.announcements.replaceChildren(element('p', {}, words));
  }
}

/** What is too wide for the panel can be scrolled by the keyboard; nothing else is a stop on its way. */
function reachScrolling(root: HTMLElement): void {
  for (const wide of root.querySelectorAll<HTMLElement>('.scrolls')) {
    if (wide.scrollWidth > wide.clientWidth) {
      wide.tabIndex = 0;
    } else {
      wide.removeAttribute('tabindex');
    }
  }
}
