import fs from 'node:fs';
import path from 'node:path';
import { HERE, Rig, until } from './rig.mjs';
const steps = process.argv.slice(2);
const rig = await Rig.start(path.join(HERE, '../../../target/soapstone-test.vsix'));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { rig.abandon(); process.exit(1); });
const shot = (page, name) => page.screenshot({ path: `/tmp/desk/shots/${name}.png`, animations: 'disabled' });
const wait = (ms) => new Promise((r) => setTimeout(r, ms));
try {
  const mod = await import(process.env.STEPS);
  await mod.default({ rig, until, shot, wait, steps });
} catch (e) { console.log(e.stack); }
await rig.stop();
process.exit(0);
