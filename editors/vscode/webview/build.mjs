// Bundles the page of the claim panel into dist/webview; with --test its tests into out/webview.
import { readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const shared = { bundle: true, logLevel: 'warning' };

if (process.argv.includes('--test')) {
  rmSync('out/webview', { recursive: true, force: true });
  const tests = readdirSync('webview/test').filter((name) => name.endsWith('.test.ts'));
  await build({
    ...shared,
    entryPoints: tests.map((name) => `webview/test/${name}`),
    outdir: 'out/webview',
    platform: 'node',
    format: 'cjs',
    packages: 'external',
  });
} else {
  // Chrome 122 is in the oldest VS Code that the extension runs in.
  await build({
    ...shared,
    entryPoints: { claim: 'webview/main.ts' },
    outdir: 'dist/webview',
    format: 'iife',
    target: 'chrome122',
    minify: true,
  });
}
