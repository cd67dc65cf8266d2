// node run.mjs FILE.vsix: installs the extension into fresh profiles and tries everything, inside
// of VS Code's extension host and as a person in front of the page.

import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';
import { HERE, Rig } from './rig.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, grep: { type: 'string' } },
});
if (positionals.length !== 1) {
  console.error('Usage: node run.mjs [--only features|lifecycle|private|untrusted|person] [--grep WORDS] FILE.vsix');
  process.exit(2);
}

/** However slow the machine is, a run ends by itself. */
const LONGEST = 20 * 60_000;

/** What code-server always says without its native modules, which the tests do without. */
const NOISE = /^\s*(at |→|'|\]|\}|- \/|$)|bindings|watchdog|Require stack|File not found|vsda|open-vsx/;

let passed = 0;
const failed = [];
const skipped = [];

function say(suite, { state, name, why }) {
  if (state === 'passed') {
    passed += 1;
    console.log(`  ok      ${name}`);
  } else if (state === 'skipped') {
    skipped.push(name);
    console.log(`  skipped ${name}: ${why ?? 'without a reason'}`);
  } else {
    failed.push(`${suite}: ${name}`);
    console.log(`  FAILED  ${name}\n${(why ?? '').replace(/^/gm, '          ')}`);
  }
}

let rig;
function abandon(reason) {
  console.error(reason);
  rig?.abandon();
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => abandon(`Stopped by ${signal}.`));
const alarm = setTimeout(() => abandon(`Stopped: not done after ${LONGEST / 60_000} minutes.`), LONGEST);

/** A suite inside of the extension host; `host/index.cjs` runs the file of that name there. */
async function host(suite, options) {
  console.log(`== VS Code, extension host: ${suite}`);
  const results = path.join(rig.folder, `${suite}.jsonl`);
  fs.writeFileSync(results, '');
  const session = await rig.session(suite, {
    ...options,
    testing: true,
    env: { ...options.env, SOAPSTONE_TEST_WORD: options.word ?? '', SOAPSTONE_TEST_RESULTS: results, SOAPSTONE_TEST_SUITE: suite, SOAPSTONE_TEST_EXTENSION: rig.extension, SOAPSTONE_TEST_IDENTIFIER: rig.identifier, SOAPSTONE_TEST_GREP: values.grep ?? '' },
  });
  const page = await rig.page();
  const logged = [];
  let done;
  const exit = new Promise((resolve) => { done = resolve; });
  await page.exposeFunction('codeAutomationLog', (type, args) => logged.push(`[${type}] ${(args ?? []).join(' ')}`));
  await page.exposeFunction('codeAutomationExit', (code) => done(code));
  const folder = `${session.remote}${HERE}/host`;
  await page.goto(rig.address(session, ['extensionDevelopmentPath', folder], ['extensionTestsPath', `${folder}/index.cjs`], ['skipWelcome', 'true']));
  const timer = setTimeout(() => done('no answer'), 4 * 60_000);
  const code = await exit;
  clearTimeout(timer);
  const lines = fs.readFileSync(results, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  for (const line of lines.filter((line) => line.name)) say(suite, line);
  if (!lines.some((line) => line.ended)) {
    const log = [...logged.join('\n').split('\n'), ...fs.readFileSync(session.log, 'utf8').split('\n')].filter((line) => !NOISE.test(line));
    say(suite, { state: 'failed', name: 'the suite runs to its end', why: [`code ${code}`, ...log.slice(-30)].join('\n') });
  }
  if (options.word) {
    const kept = await rig.kept(session, page);
    const why = [
      ...[...kept].filter(([, content]) => content.includes(options.word)).map(([name, content]) => `${name}: ${around(content, options.word)}`),
      // What the extension remembers of the lines that were copied: where that is found, the word would be.
      ...([...kept.values()].some((content) => content.includes('copied:')) ? [] : ['What the extension remembers was not found.']),
      // What the extension and the server say to VS Code's log, of a note's failure and of the server's end, too.
      ...SAID.filter((said) => !logOf(kept).includes(said)).map((said) => `VS Code's log does not say "${said}".`),
    ];
    say(suite, { state: why.length ? 'failed' : 'passed', name: 'no state and no file of VS Code holds a word of the notes', why: why.join('\n') });
  }
  await page.context().close();
  rig.end(session);
}

const SAID = ['checking a note failed', 'The server stopped by itself'];

/** What stands in the log that VS Code shows under Soapstone's name. */
const logOf = (kept) => [...kept].filter(([name]) => /logs.*Soapstone\.log$/.test(name)).map(([, content]) => content).join('\n');

const around = (content, word) => content.slice(Math.max(0, content.indexOf(word) - 120), content.indexOf(word) + 60);

/** The suite of a person in front of the page. */
async function person() {
  console.log('== VS Code, as a person');
  globalThis.rig = rig;
  const mocha = new Mocha({ timeout: 240_000, bail: false, grep: values.grep, reporter: class {} });
  mocha.addFile(path.join(HERE, 'person/person.mjs'));
  await mocha.loadFilesAsync();
  await new Promise((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => say('person', { state: 'passed', name: test.fullTitle() }));
    runner.on('fail', (test, error) => say('person', { state: 'failed', name: test.fullTitle(), why: error.stack }));
    runner.on('pending', (test) => say('person', { state: 'skipped', name: test.fullTitle(), why: test.reason }));
  });
}

const wanted = (suite) => !values.only || values.only === suite;
try {
  rig = await Rig.start(path.resolve(positionals[0]));
  const { suites } = await import('./host/suites.mjs');
  for (const [suite, options] of Object.entries(suites)) {
    if (wanted(suite)) await host(suite, options);
  }
  if (wanted('person')) await person();
} catch (error) {
  say('rig', { state: 'failed', name: 'the rig holds', why: error.stack });
}
const left = (await rig?.stop()) ?? [];
say('rig', {
  state: left.length ? 'failed' : 'passed',
  name: 'nothing is left running',
  why: left.map((p) => `${p.pid} ${p.command}`).join('\n'),
});
clearTimeout(alarm);
for (const name of failed) console.log(`FAILED ${name}`);
console.log(`VS Code: ${passed} passed, ${failed.length} failed${skipped.length ? `, ${skipped.length} skipped` : ''}`);
process.exit(failed.length ? 1 : 0);
