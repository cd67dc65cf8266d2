// A person in front of VS Code, with a mouse and a keyboard, and what they see. Where
// SOAPSTONE_PICTURES=1 is set, the pictures of the README are taken on the way.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { HERE, until } from '../rig.mjs';

const PICTURES = path.join(HERE, '../../../docs/images');

const NOTE = `patient: 10234
payer: medicare
dx: M54.50 low back pain; M62.830

visit: 2026-11-20
S: Low back pain 6/10, worse after sitting 30 minutes.
O: Hypertonic lumbar paraspinals, R > L.

97140-GP lumbar 10:00-10:25
  technique: joint mobilization, myofascial release
  response: pain 6/10 to 4/10
97124-GP cervical 10:25-10:32
  technique: petrissage

A: Sitting tolerance now 40 minutes.
P: Weekly for 4 weeks.
`;

const CHART = `patient: 10234
payer: commercial
provider: A. Rivera, LMT
dx: M54.50 low back pain; M62.830
goal 1: sit at desk 60 minutes with pain 3/10 or less by 2026-12-15 (now 30 minutes)

visit: 2026-11-06
session: 10:00-10:45
S: Low back pain 7/10, worse after sitting 30 minutes.
O: Hypertonic lumbar paraspinals, R > L.

97124 lumbar 10:02-10:27
  technique: effleurage, petrissage
  response: pain 7/10 to 5/10
97110 lumbar 10:27-10:40

A: Sitting tolerance now 30 minutes.
P: Weekly for 4 weeks.
signed: A. Rivera, LMT 2026-11-06

visit: 2026-11-13
session: 10:00-10:45
S: Low back pain 5/10 after sitting 40 minutes.
O: Lumbar paraspinals softer. Forward bend to mid-shin.

97124 lumbar 10:02-10:27
  technique: effleurage, petrissage
  response: pain 5/10 to 3/10
97110 lumbar 10:27-10:42

A: Improving toward goal 1; sitting tolerance now 40 minutes.
P: Weekly for 3 weeks.
signed: A. Rivera, LMT 2026-11-13

visit: 2026-11-20
session: 10:00-10:45
S: Low back pain 4/10 after sitting 50 minutes.
O: Lumbar paraspinals soft. Forward bend to ankles.

97140 cervical 10:02-10:17
  joint mobilization C4-C6, gr III
97124 lumbar 10:17-10:34
  technique: effleurage, petrissage
  response: pain 4/10 to 2/10

A: Improving toward goal 1; sitting tolerance now 50 minutes.
P: Weekly for 2 weeks.
`;

/** The pages whose first note is typed key by key. */
const PAGES = ['docs/format.md', 'docs/editors/vscode.md'];

const { rig } = globalThis;
let session;
let page;

/** What VS Code shows as a blank is another character. */
const plain = (text) => text.replaceAll('\u00a0', ' ');

async function picture(name) {
  if (process.env.SOAPSTONE_PICTURES !== '1') return;
  fs.mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: path.join(PICTURES, `vscode-${name}.png`), animations: 'disabled' });
}

const file = (name) => fs.readFileSync(path.join(session.notes, name), 'utf8');

async function open(name) {
  await page.goto(rig.address(session, ['openFile', `${session.remote}${path.join(session.notes, name)}`]));
  await page.waitForSelector(`.tab[data-resource-name="${name}"]`);
  await page.waitForSelector('.monaco-editor .view-lines .view-line');
  // Before VS Code has looked at its extensions, a note is plain text to it.
  for (const words of ['SOAP note', 'Spaces: 2']) await page.locator('.statusbar-item', { hasText: words }).first().waitFor();
  await page.locator('.monaco-editor .view-lines').first().click({ position: { x: 200, y: 8 } });
}

/** Waits until all of these stand in the text or behind it. */
async function shows(...words) {
  for (const word of words) {
    await page.waitForFunction(
      (word) => [...document.querySelectorAll('.monaco-editor .view-line')].some((line) => line.textContent.replaceAll('\u00a0', ' ').includes(word)),
      word,
    );
  }
}

/** Waits until VS Code has read how notes are indented: until then a block below a block is taken for its detail. */
async function indents() {
  await until('blocks below each other', async () => {
    await page.keyboard.press('Control+a');
    await page.keyboard.type('97124 neck\n97140 neck');
    const lines = await page.$$eval('.monaco-editor .view-line', (all) => all.map((line) => line.textContent.replaceAll('\u00a0', ' ')));
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    return lines.includes('97140 neck');
  });
}

/** The middle of words in the text, on the page. */
async function place(words) {
  return until(`${words} on the page`, () =>
    page.evaluate((words) => {
      const lines = document.querySelector('.monaco-editor .view-lines');
      const walker = document.createTreeWalker(lines, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.replaceAll('\u00a0', ' ').indexOf(words);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + words.length);
        const box = range.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
      return null;
    }, words),
  );
}

/**
 * Rests the mouse on words until the hover there says all that it should. Hints that arrive
 * meanwhile move the text or close the hover, and a person then moves the mouse again.
 */
async function rest(words, ...sentences) {
  const hover = page.locator('.monaco-hover:not(.hidden)').filter({ hasText: sentences[0] });
  const all = async () => {
    const said = plain(await hover.innerText({ timeout: 1000 }));
    return sentences.every((sentence) => sentence.test(said));
  };
  await until(`the hover on ${words}`, async () => {
    const { x, y } = await place(words);
    await page.mouse.move(x - 60, y + 80);
    await page.mouse.move(x, y, { steps: 6 });
    // What is known comes part by part.
    return until('its sentences', () => all().catch(() => false), 5000).catch(() => false);
  });
}

async function palette(words) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').first().waitFor();
  await page.keyboard.type(words);
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: words }).first();
  await row.click();
}

/** Types as a person does, line by line, with whatever indentation the editor begins a line with. */
async function write(text) {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (index > 0) {
      await page.keyboard.press('Enter');
      await page.keyboard.press('Shift+Home');
    }
    if (line) await page.keyboard.type(line, { delay: 6 });
  }
}

/** The first note that a page of the documentation shows. */
function firstNote(page) {
  const text = fs.readFileSync(path.join(HERE, '../../..', page), 'utf8');
  return /^```soap\n([^]*?\n)```$/m.exec(text)[1];
}

/** The claims of a note in a file, as the program gives them. */
function claims(file) {
  const said = execFileSync(path.join(rig.extension, 'server/soapstone'), ['claim', '--output-format', 'json', file], { encoding: 'utf8' });
  return JSON.parse(said).map(({ path: _, ...claim }) => claim);
}

describe('a person', () => {
  before(async () => {
    session = await rig.session('person', { files: { 'visit.soap': '', 'chart.soap': CHART, ...Object.fromEntries(PAGES.map((_, index) => [`first-${index}.soap`, ''])) } });
    page = await rig.page({ viewport: { width: 1080, height: 660 } });
    await open('visit.soap');
    // The list of files is of no use with two of them.
    await page.keyboard.press('Control+b');
  });

  afterEach(async function () {
    if (this.currentTest.state !== 'failed') return;
    const folder = path.join(HERE, '../../../target/vscode-failures');
    fs.mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, `${this.currentTest.title.replace(/\W+/g, '-')}.png`) }).catch(() => {});
  });

  after(async () => {
    await page?.context().close();
    if (session) rig.end(session);
  });

  it('types a note from nothing and loses no word', async () => {
    await write(NOTE);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+s');
    await until('the file', () => file('visit.soap') !== '');
    assert.equal(file('visit.soap'), NOTE);
  });

  for (const [index, from] of PAGES.entries()) {
    it(`types the first note of ${from} key by key, and it is claimed as the page's is`, async () => {
      const name = `first-${index}.soap`;
      const shown = firstNote(from);
      await open(name);
      await indents();
      for (const [number, line] of shown.trimEnd().split('\n').entries()) {
        if (number > 0) await page.keyboard.press('Enter');
        // Where a line begins is for the editor to say.
        await page.keyboard.type(line.trimStart(), { delay: 6 });
      }
      await page.keyboard.press('Enter');
      await page.keyboard.press('Control+s');
      await until('the file', () => file(name) !== '');
      const copy = path.join(session.root, `page-${index}.soap`);
      fs.writeFileSync(copy, shown);
      assert.deepEqual(claims(path.join(session.notes, name)), claims(copy));
      assert.ok(claims(copy)[0].visits[0].lines.length > 0);
      // How far what goes on in a section is indented is for who writes to say.
      const plainly = (text) => text.trimEnd().replace(/^ {3,}/gm, '');
      assert.equal(plainly(file(name)), plainly(shown));
    });
  }

  it('sees what each block earns, and errors and warnings underlined', async () => {
    await shows('= 25 min, 2 units', '= 7 min, 0 units', '= 32 timed min, 2 units');
    await page.waitForSelector('.monaco-editor .squiggly-error');
    await page.waitForSelector('.monaco-editor .squiggly-warning');
    await picture('note');
  });

  it('rests the mouse on a finding and reads why', async () => {
    await rest('10:25-10:32', /97124 has only 7 minutes and earns no unit/, /10:25 to 10:32: 7 minutes/);
    await picture('hover');
    await page.mouse.move(5, 5);
    await page.keyboard.press('Escape');
  });

  it('mends a finding with the light bulb', async () => {
    const { x, y } = await place('visit:');
    await page.mouse.click(x, y);
    const bulb = page.locator('.monaco-editor [class*="lightBulbWidget"][class*="codicon"], .monaco-editor .margin [class*="codicon-gutter-lightbulb"]').first();
    await bulb.waitFor();
    await bulb.click();
    const menu = page.locator('.action-widget .monaco-list-row');
    const fix = menu.filter({ hasText: "Add the session's time: 10:00-10:32" }).first();
    await fix.waitFor();
    await picture('fix');
    await fix.click();
    await shows('session: 10:00-10:32');
    await page.keyboard.press('Control+s');
    await until('the saved fix', () => file('visit.soap').includes('visit: 2026-11-20\nsession: 10:00-10:32\n'));
  });

  it('completes a code by the first letters of what was done', async () => {
    const { x, y } = await place('petrissage');
    await page.mouse.click(x, y);
    await page.keyboard.press('End');
    await write('\nexerc');
    const row = page.locator('.suggest-widget.visible .monaco-list-row', { hasText: '97110' }).first();
    await row.waitFor();
    await picture('completion');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.type('9711');
    // VS Code never opens its list at a number by itself.
    await page.keyboard.press('Control+Space');
    await row.waitFor();
    await page.keyboard.press('Tab');
    await shows('97110');
    await page.keyboard.press('Escape');
  });

  it('lists what is open under Problems', async () => {
    await page.keyboard.press('Control+Shift+M');
    const row = page.locator('.markers-panel .monaco-list-row[aria-label*="This payer never pays massage"]').first();
    await row.waitFor();
    await page.keyboard.press('Control+j');
    await page.locator('.markers-panel').first().waitFor({ state: 'hidden' });
  });

  it('opens the claim beside the note, and it follows the typing', async () => {
    await page.setViewportSize({ width: 1500, height: 940 });
    await open('chart.soap');
    await page.keyboard.press('Control+End');
    await shows('= 15 min, 1 unit');
    const { x, y } = await place('97140');
    await page.mouse.click(x, y);
    await palette('Soapstone: Show the Claim');
    const claim = page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
    await claim.getByText('97140', { exact: false }).first().waitFor();
    const said = async () => plain(await claim.locator('body').innerText());
    await page.mouse.move(x + 300, y + 120);
    await until('the claim of this visit', async () => /Nov 20, 2026/.test(await said()) && /97124/.test(await said()));
    // The menu's row lay above a button, whose name is shown for a while.
    await page.locator('.workbench-hover:visible').first().waitFor({ state: 'hidden' });
    await picture('claim');
    await claim.locator('body').evaluate(() => document.scrollingElement.scrollTo(0, document.scrollingElement.scrollHeight));
    assert.match(await said(), /pain/i);
    await picture('course');
    await claim.locator('body').evaluate(() => document.scrollingElement.scrollTo(0, 0));
    await page.mouse.click(x, y);
    await page.keyboard.press('Control+End');
    await write('97112 lumbar 10:34-10:44');
    await until('the new block', async () => (await said()).includes('97112'));
  });

  it('begins the next visit from the palette', async () => {
    await palette('Soapstone: New Visit');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'With the codes of the last visit' }).first().click();
    await shows('97140 cervical ___');
  });

  it('chooses the payer, and the note is judged by it', async () => {
    await palette('Soapstone: Choose Payer');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Medicare' }).first().click();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'For this note' }).first().click();
    await page.keyboard.press('Control+s');
    await until('the payer in the file', () => /^payer: medicare$/m.test(file('chart.soap')));
    await page.locator('.markers-panel, [id="status.problems"]').first().waitFor();
  });

  it('opens the sample note from the palette', async () => {
    await palette('Soapstone: Open the Sample Note');
    await page.waitForFunction(() => [...document.querySelectorAll('.monaco-editor .view-line')].some((line) => line.textContent.includes('Nothing')));
    await page.waitForSelector('.monaco-editor [class*="squiggly-"]');
    await picture('sample');
  });
});
