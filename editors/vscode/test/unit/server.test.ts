import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';

import { findServer, fits, readVersion, ServerProblem, versionOf, type Surroundings } from '../../src/server';

const folder = mkdtempSync(path.join(tmpdir(), 'soapstone-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const windows = process.platform === 'win32';

function program(at: string, says: string, exit = 0): string {
  const file = path.join(folder, at);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho '${says}'\nexit ${exit}\n`);
  chmodSync(file, 0o755);
  return file;
}

const around = (more: Partial<Surroundings>): Surroundings => ({
  setting: '',
  trusted: true,
  extension: path.join(folder, 'none'),
  searchPath: '',
  home: folder,
  windows: false,
  ...more,
});

test('the setting counts before the bundled program, and that before the search path', { skip: windows && 'the programs of this test are shell scripts' }, () => {
  const own = program('own/soapstone', 'soapstone 0.1.0');
  const bundled = program('extension/server/soapstone', 'soapstone 0.1.0');
  const found = program('bin/soapstone', 'soapstone 0.1.0');
  const extension = path.join(folder, 'extension');
  const searchPath = ['relative', path.join(folder, 'empty'), path.join(folder, 'bin')].join(path.delimiter);
  assert.deepEqual(findServer(around({ setting: own, extension, searchPath })), { command: own, origin: 'setting' });
  assert.deepEqual(findServer(around({ setting: '~/own/soapstone' })), { command: own, origin: 'setting' });
  assert.deepEqual(findServer(around({ extension, searchPath })), { command: bundled, origin: 'bundled' });
  assert.deepEqual(findServer(around({ searchPath })), { command: found, origin: 'path' });
});

test('a folder that is not trusted runs the bundled program alone', { skip: windows && 'the programs of this test are shell scripts' }, () => {
  const own = program('own/soapstone', 'soapstone 0.1.0');
  const bundled = program('extension/server/soapstone', 'soapstone 0.1.0');
  const extension = path.join(folder, 'extension');
  assert.equal(findServer(around({ setting: own, extension, trusted: false })).command, bundled);
  const searchPath = path.dirname(own);
  assert.throws(() => findServer(around({ setting: own, searchPath, trusted: false })), /do not trust/);
});

test('a setting that leads nowhere is said and not passed over', () => {
  const problem = (setting: string) => {
    try {
      findServer(around({ setting }));
    } catch (error) {
      assert(error instanceof ServerProblem);
      return error;
    }
    throw new Error('found');
  };
  assert.equal(problem('soapstone').remedy, 'setting');
  assert.match(problem('soapstone').message, /full path/);
  assert.match(problem(path.join(folder, 'gone')).message, /no program of that name/);
  assert.equal(problem('').remedy, 'install');
});

test('another program, and one that does not start, are told apart', { skip: windows && 'the programs of this test are shell scripts' }, async () => {
  assert.equal(await versionOf(program('right', 'soapstone 1.2.3')), '1.2.3');
  await assert.rejects(versionOf(program('other', 'carbolic 1.2.3')), /is not Soapstone/);
  await assert.rejects(versionOf(program('broken', 'soapstone 1.2.3', 3)), /does not start/);
});

test('versions', () => {
  assert.equal(readVersion('soapstone 0.1.0\n'), '0.1.0');
  assert.equal(readVersion('soapstone 0.1.0\nTables: NCCI edits of July 2026\n'), '0.1.0');
  assert.equal(readVersion('soapstone 1.0.0-beta.2\r\n'), '1.0.0-beta.2');
  assert.equal(readVersion('soapstone\n'), undefined);
  assert(fits('0.1.7', '0.1.0') && fits('2.3.0', '2.0.0'));
  assert(!fits('0.2.0', '0.1.0') && !fits('1.0.0', '2.0.0'));
});
