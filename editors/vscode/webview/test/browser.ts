/** The built page in Chromium, as VS Code shows it: under its own policy, with a theme's colours, without a network. */

import fs from 'node:fs';
import path from 'node:path';

import { type Browser, type Page, chromium } from 'playwright-core';

import { document as html } from '../../src/claim/document';
import type { FromPage, ToPage } from '../../src/claim/protocol';
import type { Theme } from './themes';

const ORIGIN = 'https://claim.example';
const BUILT = path.resolve(process.cwd(), 'dist/webview');

export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Why the page cannot be tested here. */
export function lacking(): string | undefined {
  if (!browserPath()) {
    return 'Chromium is not installed (apt-get install chromium)';
  }
  return fs.existsSync(path.join(BUILT, 'claim.js')) ? undefined : 'the page is not built (npm run build:webview)';
}

const browserPath = (): string | undefined =>
  [process.env.CHROMIUM, ...CHROMIUM].find(file => file !== undefined && fs.existsSync(file));

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath()!,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}

export interface Opened {
  page: Page;
  /** What the page was not allowed to do, and what went wrong in it. */
  faults: string[];
  /** What the page asked the network for. */
  requests: string[];
  tell(message: ToPage): Promise<void>;
  /** What the page told the extension. */
  told(): Promise<FromPage[]>;
}

export async function open(browser: Browser, theme: Theme, size = { width: 620, height: 1000 }): Promise<Opened> {
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const faults: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', error => faults.push(String(error)));
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') {
      faults.push(message.text());
    }
  });
  await page.route('**/*', route => {
    const { pathname, origin } = new URL(route.request().url());
    requests.push(route.request().url());
    if (origin !== ORIGIN) {
      return route.abort();
    }
    if (pathname === '/') {
      const [script, style] = [`${ORIGIN}/claim.js`, `${ORIGIN}/claim.css`];
      const body = html({ source: ORIGIN, script, style, nonce: 'onlyforthistest' });
      return route.fulfill({ contentType: 'text/html', body });
    }
    const contentType = pathname.endsWith('.css') ? 'text/css' : 'text/javascript';
    return route.fulfill({ contentType, body: fs.readFileSync(path.join(BUILT, path.basename(pathname))) });
  });
  await page.addInitScript(({ classes, colours }: Theme) => {
    const told: unknown[] = [];
    let state: unknown;
    Object.assign(globalThis, {
      told,
      acquireVsCodeApi: () => ({
        postMessage: (message: unknown) => told.push(message),
        getState: () => state,
        setState: (value: unknown) => (state = value),
      }),
    });
    document.addEventListener('DOMContentLoaded', () => {
      document.body.className = classes;
      for (const [name, value] of Object.entries(colours)) {
        document.documentElement.style.setProperty(`--vscode-${name}`, value);
      }
    });
  }, theme);
  await page.goto(`${ORIGIN}/`);
  return {
    page,
    faults,
    requests,
    tell: message => page.evaluate(m => window.postMessage(m, '*'), message).then(() => page.waitForTimeout(0)),
    told: () => page.evaluate(() => (globalThis as unknown as { told: FromPage[] }).told),
  };
}
