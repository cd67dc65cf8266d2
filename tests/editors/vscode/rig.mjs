// VS Code in a browser: a code-server with a fresh profile for each session, and one Chromium.
// Everything lives in one folder for temporary files and ends with the test, also when the test is
// interrupted.

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const HERE = path.dirname(fileURLToPath(import.meta.url));
const ENTRY = path.join(HERE, 'node_modules/code-server/out/node/entry.js');

/** How long anything is waited for. Busy machines are slow; nothing hangs for ever. */
export const DEADLINE = 45_000;

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * What keeps the page quiet: no welcome, no assistant that takes a third of the window, nothing
 * that asks the network. None of it is a setting of Soapstone.
 */
const QUIET = {
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

function executable() {
  for (const name of [process.env.SOAPSTONE_CHROMIUM, ...CHROMIUM]) {
    if (!name) continue;
    const found = spawnSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' });
    if (found.status === 0) return found.stdout.trim();
  }
  throw new Error('Chromium is missing. `cargo xtask test vscode` installs it with apt-get; elsewhere name it in SOAPSTONE_CHROMIUM.');
}

export class Rig {
  #sessions = [];

  static async start(vsix) {
    const rig = new Rig();
    rig.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'soapstone-vscode-'));
    rig.extensions = path.join(rig.folder, 'extensions');
    rig.vsix = vsix;
    rig.install();
    rig.browser = await chromium.launch({
      env: { ...process.env, TMPDIR: rig.folder },
      executablePath: executable(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--font-render-hinting=none'],
    });
    return rig;
  }

  /** As a clinician does it: the one file, into a profile that has nothing. */
  install() {
    const home = path.join(this.folder, 'home');
    fs.mkdirSync(home, { recursive: true });
    const done = spawnSync(
      process.execPath,
      [ENTRY, '--user-data-dir', path.join(this.folder, 'installing'), '--extensions-dir', this.extensions, '--install-extension', this.vsix],
      { encoding: 'utf8', env: environment(home), timeout: DEADLINE },
    );
    if (done.status !== 0) throw new Error(`VS Code does not install the extension:\n${done.stdout}${done.stderr}`);
    const installed = fs.readdirSync(this.extensions).find((name) => /soapstone/.test(name) && fs.existsSync(path.join(this.extensions, name, 'package.json')));
    if (!installed) throw new Error(`The extension is not among those installed: ${fs.readdirSync(this.extensions).join(', ')}`);
    this.extension = path.join(this.extensions, installed);
    this.identifier = installed.replace(/-\d.*$/, '');
  }

  /**
   * A VS Code with a profile and a folder of its own.
   * @param {string} name of the session
   * @param {{files?: Record<string, string>, settings?: object, trust?: boolean, testing?: boolean, env?: object}} options
   */
  async session(name, { files = {}, settings = {}, trust = true, testing = false, env = {} } = {}) {
    const root = path.join(this.folder, name);
    const data = path.join(root, 'profile');
    const notes = path.join(root, 'notes');
    const home = path.join(root, 'home');
    fs.mkdirSync(path.join(data, 'User'), { recursive: true });
    fs.mkdirSync(notes, { recursive: true });
    fs.mkdirSync(home, { recursive: true });
    fs.writeFileSync(path.join(data, 'User/settings.json'), JSON.stringify({ ...QUIET, ...settings }, null, 2));
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(notes, file)), { recursive: true });
      fs.writeFileSync(path.join(notes, file), text);
    }
    const log = path.join(root, 'log.txt');
    const out = fs.openSync(log, 'w');
    const child = spawn(
      process.execPath,
      [
        // VS Code hands on to the extension host what stands before the entry.
        '--require', path.join(HERE, 'logs.cjs'), ENTRY, '--auth', 'none', '--bind-addr', '127.0.0.1:0', '--user-data-dir', data, '--extensions-dir', this.extensions,
        '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--ignore-last-opened',
        ...(trust ? ['--disable-workspace-trust'] : []),
        ...(testing ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
      ],
      // A group of its own, so that what it starts ends with it.
      { detached: true, stdio: ['ignore', out, out], env: { ...environment(home), ...env, SOAPSTONE_TEST_NOTES: notes, SOAPSTONE_TEST_PROFILE: data } },
    );
    const session = { name, root, data, notes, log, child };
    this.#sessions.push(session);
    // The system chooses the port, so that two runs cannot meet.
    session.port = await until(`${name}: code-server listens`, () => {
      if (child.exitCode !== null) throw new Error(`code-server ended:\n${fs.readFileSync(log, 'utf8')}`);
      return /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(fs.readFileSync(log, 'utf8'))?.[1];
    });
    session.remote = `vscode-remote://127.0.0.1:${session.port}`;
    return session;
  }

  /** The address that opens the session's folder, with what VS Code is to do first. */
  address(session, ...payload) {
    const query = payload.length ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : '';
    return `http://127.0.0.1:${session.port}/?folder=${encodeURIComponent(session.notes)}${query}`;
  }

  async page(options = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1360, height: 860 }, permissions: ['clipboard-read', 'clipboard-write'], ...options });
    context.setDefaultTimeout(DEADLINE);
    return context.newPage();
  }

  /** All that a session has kept, by name: the files of its profile and home, what it printed, and the page's own storage. */
  async kept(session, page) {
    const kept = new Map();
    for (const place of [session.data, path.join(session.root, 'home')]) {
      for (const entry of fs.readdirSync(place, { recursive: true, withFileTypes: true })) {
        const file = path.join(entry.parentPath, entry.name);
        if (!entry.isFile()) continue;
        try {
          kept.set(file, fs.readFileSync(file, 'latin1'));
        } catch (error) {
          // VS Code takes its locks away while this looks; what is gone is not kept.
          if (error.code !== 'ENOENT') throw error;
        }
      }
    }
    kept.set(session.log, fs.readFileSync(session.log, 'latin1'));
    for (const [name, content] of Object.entries(await page.evaluate(storage))) kept.set(`${name} of the page`, content);
    return kept;
  }

  end(session) {
    try {
      process.kill(-session.child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  /** Ends everything. Answers what is still running a while later, which has to be nothing. */
  async stop() {
    for (const session of this.#sessions) this.end(session);
    await this.browser?.close().catch(() => {});
    const left = await until('nothing is left running', () => this.running().length === 0 && [true], 10_000).then(() => [], () => this.running());
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    return left;
  }

  /** The processes that were started from this rig's folder or were told of it. */
  running() {
    return processes().filter((p) => p.command.includes(this.folder) || p.given.includes(this.folder));
  }

  /** At once, because the process is about to end. */
  abandon() {
    for (const session of this.#sessions) this.end(session);
    for (const { pid } of this.running()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Runs in the page: each store of its databases, where VS Code in a browser keeps the state of its extensions, and its small storage. */
async function storage() {
  const answer = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: () => reject(request.error) }));
  const kept = { localStorage: JSON.stringify(localStorage), sessionStorage: JSON.stringify(sessionStorage) };
  for (const { name } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const open = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([answer(open.getAllKeys()), answer(open.getAll())]);
      const words = values.map((value) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : JSON.stringify(value)));
      kept[`${name}/${store}`] = keys.map((key, at) => `${key} ${words[at]}`).join('\n');
    }
    database.close();
  }
  return kept;
}

function processes() {
  const all = [];
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const read = (file) => fs.readFileSync(`/proc/${pid}/${file}`, 'utf8').replaceAll('\0', ' ');
      const [command, given] = [read('cmdline'), read('environ')];
      if (Number(pid) !== process.pid) all.push({ pid: Number(pid), command, given });
    } catch {
      // It ended while we looked.
    }
  }
  return all;
}

/** Nothing of the person who runs the tests: neither their editor's window nor their settings. */
function environment(home) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|CODE_|XDG_|ELECTRON_|NODE_OPTIONS)/.test(name));
  return { ...Object.fromEntries(kept), HOME: home };
}

/** Asks until there is an answer. */
export async function until(what, ask, deadline = DEADLINE) {
  const start = Date.now();
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() - start > deadline) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
