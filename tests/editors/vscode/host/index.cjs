// What VS Code calls in its extension host: runs one suite with mocha and writes each result at
// once, so that a host that dies leaves what was known.

const fs = require('node:fs');
const path = require('node:path');

exports.run = async () => {
  const { default: Mocha } = await import('mocha');
  const { SOAPSTONE_TEST_SUITE: suite, SOAPSTONE_TEST_RESULTS: results, SOAPSTONE_TEST_GREP: grep } = process.env;
  const write = (line) => fs.appendFileSync(results, `${JSON.stringify(line)}\n`);
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, grep: grep || undefined, reporter: class {} });
  mocha.addFile(path.join(__dirname, `${suite}.cjs`));
  const failures = await new Promise((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => write({ state: 'passed', name: test.fullTitle() }));
    runner.on('fail', (test, error) => write({ state: 'failed', name: test.fullTitle(), why: error.stack }));
    runner.on('pending', (test) => write({ state: 'skipped', name: test.fullTitle(), why: test.reason }));
  });
  write({ ended: true });
  if (failures) throw new Error(`${failures} failed`);
};
