// pages.mjs PLAYWRIGHT AXE CHROMIUM FOLDER NAME=URL…: opens each page in light and dark, wide and 360 px, with and without script, takes pictures, and prints what is wrong as JSON.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , playwright, axe, executablePath, folder, ...pages] = process.argv;
const { chromium } = (await import(pathToFileURL(playwright))).default;
const source = readFileSync(axe, 'utf8');
const limit = 180_000; // far above what a busy machine needs
const browser = await chromium.launch({ executablePath, timeout: limit, args: ['--no-sandbox'] });
const wrong = [];
try {
  for (const [name, url] of pages.map(p => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)])) {
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [1200, 360]) {
        for (const javaScriptEnabled of [true, false]) {
          const context = await browser.newContext({ colorScheme, javaScriptEnabled, viewport: { width, height: 900 } });
          context.setDefaultTimeout(limit);
          const page = await context.newPage();
          const where = `${name}-${colorScheme}-${width}${javaScriptEnabled ? '' : '-no-script'}`;
          page.on('console', m => m.type() === 'error' && wrong.push(`${where}: ${m.text()}`));
          page.on('request', r => { if (new URL(r.url()).origin !== new URL(url).origin) wrong.push(`${where}: fetches ${r.url()}`); });
          await page.goto(url);
          await page.screenshot({ path: `${folder}/${where}.png`, fullPage: true });
          if (javaScriptEnabled) {
            await page.evaluate(source);
            const found = await page.evaluate(() => axe.run());
            for (const v of found.violations) if (['serious', 'critical'].includes(v.impact)) wrong.push(`${where}: ${v.id}: ${v.nodes.map(n => n.target + ' ' + n.failureSummary).join('; ')}`);
            const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            if (overflow > 0) wrong.push(`${where}: ${overflow} px too wide`);
          }

          await context.close();
        }
      }
    }
  }
} finally {
  await browser.close();
}

console.log(JSON.stringify(wrong));
