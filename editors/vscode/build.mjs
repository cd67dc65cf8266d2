// Bundles the extension into dist/extension.js; with --test the unit tests into out/test.
import { readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const shared = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'], logLevel: 'warning' };

if (process.argv.includes('--test')) {
  rmSync('out/test', { recursive: true, force: true });
  const entryPoints = readdirSync('test/unit').filter((name) => name.endsWith('.test.ts')).map((name) => `test/unit/${name}`);
  await build({ ...shared, entryPoints, outdir: 'out/test', packages: 'external' });
} else {
  const minify = process.argv.includes('--minify');
  await build({ ...shared, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', minify });
}
