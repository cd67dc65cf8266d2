/** The built page in Chromium, with the claims of sample notes as the server tells them. */

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import type { Browser } from 'playwright-core';

import type { Claim } from '../../src/claim/protocol';
import { type Opened, lacking, launch, open } from './browser';
import { SERVER, at, block, claim, realClaims, waiting } from './claims';
import { THEMES } from './themes';

const CHART = 'clean/lmt-twelve-visits.soap';
const RUSH = 'findings/front-desk-rush.soap';
const BACKWARDS = 'findings/end-before-start.soap';

const missing =
  lacking() ?? (fs.existsSync(SERVER) ? undefined : 'the server is not built (cargo build -p soapstone)');
if (missing) {
  console.log(`The page of the claim panel is not tested: ${missing}.`);
  // What has to be there where all of the tests are run is not passed over in silence.
  if (process.env.SOAPSTONE_TEST_ALL) {
    throw new Error(missing);
  }
}

const axe = fs.readFileSync(createRequire(path.join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds fault with. */
async function faults({ page }: Opened): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.flatMap(v => v.nodes.map(node => `${v.id}: ${node.html}`));
  });
}

describe('the page of the claim panel', { skip: missing ?? false }, () => {
  let browser: Browser;
  let claims: Map<string, Claim>;

  const show = async (name: string, theme = 'light', size?: { width: number; height: number }): Promise<Opened> => {
    const opened = await open(browser, THEMES[theme]!, size);
    await opened.tell({ kind: 'claim', claim: claims.get(name)!, atCursor: true, waiting: [] });
    await opened.page.waitForSelector('h1:has-text("Visit of")');
    return opened;
  };
  const close = async (opened: Opened): Promise<void> => {
    // The policy is never broken, and nothing but the page itself is loaded.
    assert.deepEqual(opened.faults, []);
    assert.deepEqual(
      opened.requests.map(address => new URL(address).pathname).sort(),
      ['/', '/claim.css', '/claim.js'],
    );
    await opened.page.context().close();
  };

  before(async () => {
    claims = await realClaims([CHART, RUSH, BACKWARDS]);
    browser = await launch();
  });
  after(() => browser?.close());

  for (const theme of Object.keys(THEMES)) {
    test(`can be used by everybody in the ${theme} theme`, async () => {
      for (const name of [CHART, RUSH, BACKWARDS]) {
        const opened = await show(name, theme);
        await opened.page.locator('summary').click();
        assert.deepEqual(await faults(opened), [], name);
        await close(opened);
      }
    });
  }

  test('tells apart block, session and ground in forced colours', async () => {
    const opened = await open(browser, THEMES['high-contrast']!);
    await opened.page.emulateMedia({ forcedColors: 'active' });
    await opened.tell({ kind: 'claim', claim: claims.get(RUSH)!, atCursor: true, waiting: [] });
    const colours = await opened.page.evaluate(() => {
      const ground = (selector: string): string => getComputedStyle(document.querySelector(selector)!).backgroundColor;
      return { bar: ground('.bar'), session: ground('.session') };
    });
    assert.notEqual(colours.bar, colours.session);
    assert.deepEqual(await faults(opened), []);
    await close(opened);
  });

  test('has headings, and tables that say what they are of', async () => {
    const opened = await show(CHART);
    const { page } = opened;
    assert.deepEqual(await page.locator('h1, h2').allTextContents(), [
      'Visit of Nov 16, 2026',
      'Claim lines',
      'Still open',
      'Not copied yet',
      'Timeline',
      'How the units were divided',
      'Course',
    ]);
    assert.equal(await page.locator('table').count(), await page.locator('table > caption').count());
    assert.equal(await page.locator('th:not([scope])').count(), 0);
    assert.equal(await page.locator('#timeline ol > li').innerText(), '97140 hands-on manual therapy 25 minutes');
    await close(opened);
  });

  test('draws the course, and has its figures in a table', async () => {
    const opened = await show(CHART);
    const { page } = opened;
    assert.equal(await page.locator('#course canvas').count(), 3);
    const drawn = await page.locator('#course canvas').evaluateAll(all =>
      (all as HTMLCanvasElement[]).map(canvas => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return data.some(value => value > 0);
      }),
    );
    assert.deepEqual(drawn, [true, true, true]);
    const summary = page.locator('summary');
    assert.equal(await summary.innerText(), 'The figures of 12 visits');
    await summary.focus();
    await page.keyboard.press('Enter');
    assert.deepEqual(await page.locator('#course tbody tr').last().locator('th, td').allInnerTexts(), [
      'Nov 16, 2026',
      '1',
      '',
      '',
    ]);
    await close(opened);
  });

  test('leads to the place in the note by mouse and by keyboard', async () => {
    const opened = await show(RUSH);
    const { page } = opened;
    const { open: found, blocks } = claims.get(RUSH)!;
    const third = page.getByRole('button', { name: found[2]!.message });
    await third.click();
    await page.locator('#timeline').getByRole('button', { name: '97010' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#lines').getByRole('button', { name: '97140' }).press('Space');
    assert.deepEqual(await opened.told(), [
      { kind: 'ready' },
      { kind: 'go', place: found[2]!.place },
      { kind: 'go', place: blocks[2]!.place },
      { kind: 'go', place: blocks[1]!.place },
    ]);
    await close(opened);
  });

  test('copies when there is something to copy, and says why not', async () => {
    const opened = await show(RUSH);
    const button = opened.page.getByRole('button', { name: 'Copy claim lines' });
    await button.click();
    await opened.tell({ kind: 'copied', lines: 3 });
    await opened.page.waitForSelector('[role=status] >> text=3 claim lines are on the clipboard.');
    await opened.tell({ kind: 'claim', claim: claims.get(BACKWARDS)!, atCursor: true, waiting: [] });
    await opened.page.waitForSelector('text=The lines can be copied when every timed code has its minutes.');
    await button.focus();
    await opened.page.keyboard.press('Enter');
    assert.deepEqual(await opened.told(), [{ kind: 'ready' }, { kind: 'copy' }]);
    await close(opened);
  });

  test('lists the visits that were not copied, and copies them, and prints', async () => {
    const opened = await open(browser, THEMES.dark!);
    const list = [waiting('2026-11-20'), waiting('2026-11-13', { units: 0, incomplete: true, errors: 1 })];
    await opened.tell({ kind: 'claim', claim: claim(), atCursor: true, waiting: list });
    const rows = opened.page.locator('#waiting tbody tr');
    assert.deepEqual(await rows.first().locator('th, td').allInnerTexts(), ['Nov 20, 2026', 'Medicare', '2', '']);
    assert.deepEqual(await rows.last().locator('th, td').allInnerTexts(), ['Nov 13, 2026', 'Medicare', 'open', 'minutes missing, 1 error']);
    await opened.page.getByRole('button', { name: 'Copy this one' }).click();
    await opened.page.getByRole('button', { name: 'Print' }).click();
    assert.deepEqual(await opened.told(), [{ kind: 'ready' }, { kind: 'copyAll' }, { kind: 'print' }]);
    assert.deepEqual(await faults(opened), []);
    await opened.tell({ kind: 'claim', claim: claim(), atCursor: true, waiting: [] });
    await opened.page.locator('#waiting').waitFor({ state: 'hidden' });
    await close(opened);
  });

  test('keeps focus, scrolling and what was opened while somebody types', async () => {
    const opened = await show(CHART, 'light', { width: 500, height: 300 });
    const { page } = opened;
    await page.locator('summary').click();
    await page.locator('#lines button.link').focus();
    await page.evaluate(() => window.scrollTo(0, 200));
    const changed = structuredClone(claims.get(CHART)!);
    changed.lines[0]!.modifiers = ['GP'];
    changed.course.pain.at(-1)!.worst = 2;
    await page.evaluate(() => (document.querySelector('#timeline ol')!.id = 'kept'));
    await opened.tell({ kind: 'claim', claim: changed, atCursor: true, waiting: [] });
    await page.waitForSelector('#lines td:has-text("GP")');
    assert.equal(await page.evaluate(() => window.scrollY), 200);
    assert.equal(await page.locator('details').getAttribute('open'), '');
    // What did not change is not drawn again.
    assert.equal(await page.locator('#kept').count(), 1);
    await opened.tell({ kind: 'claim', claim: { ...changed, copy: '', lines: [{ ...changed.lines[0]!, units: 1 }] }, atCursor: true, waiting: [] });
    await page.waitForSelector('text=1 unit on the claim');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), '97140');
    await close(opened);
  });

  test('tells new totals once somebody has paused', async () => {
    const opened = await show(RUSH);
    await opened.page.waitForSelector('[role=status] >> text=4 units on the claim. 4 things still open.', { state: 'attached' });
    await opened.tell({ kind: 'claim', claim: claim(), atCursor: true, waiting: [] });
    await opened.page.waitForSelector('[role=status] >> text=2 units on the claim. Nothing is open.', { state: 'attached' });
    assert.equal(await opened.page.locator('[role=status]').getAttribute('aria-live'), 'polite');
    await close(opened);
  });

  test('keeps the picture while the server is away, and nothing of a note that is closed', async () => {
    const opened = await show(RUSH);
    const { page } = opened;
    await opened.tell({ kind: 'nothing', lacking: 'server' });
    await page.waitForSelector('text=Soapstone is not answering');
    assert.equal(await page.locator('#lines').isVisible(), true);
    await opened.tell({ kind: 'nothing', lacking: 'note' });
    await page.waitForSelector('text=Open a note to see the claim');
    assert.doesNotMatch(await page.evaluate(() => document.body.textContent ?? ''), /97124|M54|Jun/);
    await opened.tell({ kind: 'claim', claim: claims.get(RUSH)!, atCursor: false, waiting: [] });
    await page.waitForSelector('text=The cursor is not in a visit, so this one is shown.');
    assert.equal(await page.locator('#lines tbody tr').count(), 4);
    await close(opened);
  });

  test('shows what a note says as text, whatever it says', async () => {
    const opened = await open(browser, THEMES.light!);
    const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    await opened.tell({
      kind: 'claim',
      atCursor: true,
      waiting: [waiting('2026-11-20', { payerWords: evil })],
      claim: claim({
        patient: evil,
        authorization: evil,
        payerWords: evil,
        why: [evil],
        blocks: [block(evil, 25, [602, 627], { label: evil, modifiers: [evil] })],
        lines: [{ code: evil, modifiers: [evil], units: 1, minutes: 25, incomplete: false, pointers: [evil] }],
        diagnoses: [{ letter: 'A', code: evil, title: evil }],
        open: [{ place: at(1), rule: evil, level: evil, message: evil, source: evil }],
        course: {
          pain: [],
          painTarget: null,
          measures: [
            {
              activity: evil,
              unit: evil,
              target: 1,
              values: [
                { date: '2026-11-01', value: 1 },
                { date: '2026-11-08', value: 2 },
              ],
            },
          ],
        },
      }),
    });
    await opened.page.waitForSelector('#course canvas');
    assert.equal(await opened.page.locator('img, main script').count(), 0);
    assert.ok((await opened.page.locator('main').innerText()).includes(evil));
    assert.equal(await opened.page.title(), 'Claim');
    await close(opened);
  });

  test('fits into a narrow panel; what is wider scrolls by itself', async () => {
    const opened = await show(CHART, 'dark', { width: 260, height: 700 });
    const { page } = opened;
    await page.locator('summary').click();
    const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(wide! <= inner!, `${wide} is wider than ${inner}`);
    assert.ok((await page.locator('.scrolls[tabindex="0"]').count()) > 0);
    assert.deepEqual(await faults(opened), []);
    await close(opened);
  });

  test('holds a long chart', async () => {
    const opened = await open(browser, THEMES.dark!);
    const pain = Array.from({ length: 200 }, (_, week) => ({
      date: new Date(Date.UTC(2023, 0, 2 + 7 * week)).toISOString().slice(0, 10),
      worst: week % 10,
      least: week % 10,
    }));
    await opened.tell({ kind: 'claim', claim: claim({ course: { pain, painTarget: 2, measures: [] } }), atCursor: true, waiting: [] });
    await opened.page.waitForSelector('text=The figures of 200 visits');
    assert.equal(await opened.page.locator('#course canvas').count(), 1);
    await close(opened);
  });
});
