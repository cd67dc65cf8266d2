// node draw.mjs FOLDER OUT: draws each FOLDER/*.ansi, a dump of `tmux capture-pane -e -p`, as a terminal
// would, into OUT/*.png.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [, , folder, out] = process.argv;
const xterm = fileURLToPath(new URL("node_modules/@xterm/xterm/", import.meta.url));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  for (const name of fs.readdirSync(folder).filter((n) => n.endsWith(".ansi"))) {
    const dump = fs.readFileSync(path.join(folder, name), "utf8").replace(/\n$/, "");
    const page = await browser.newPage({ viewport: { width: 1300, height: 900 }, deviceScaleFactor: 1.5 });
    await page.setContent('<body style="margin:0;background:#14161b"><div id="terminal"></div>');
    await page.addStyleTag({ path: `${xterm}css/xterm.css` });
    await page.addScriptTag({ path: `${xterm}lib/xterm.js` });
    await page.evaluate(
      ([text, rows]) =>
        new Promise((done) => {
          const terminal = new Terminal({
            cols: 110,
            rows,
            fontSize: 15,
            fontFamily: "DejaVu Sans Mono, monospace",
            convertEol: true,
            theme: { background: "#14161b", foreground: "#e0e2ea" },
          });
          terminal.open(document.getElementById("terminal"));
          // The dump has no cursor of its own. Two frames later it is painted.
          terminal.write(`\x1b[?25l${text}`, () =>
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 200))),
          );
        }),
      [dump, dump.split("\n").length],
    );
    await page.locator(".xterm-screen").screenshot({ path: path.join(out, name.replace(/ansi$/, "png")) });
    await page.close();
  }
} finally {
  await browser.close();
}
