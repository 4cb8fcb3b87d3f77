// pages.mjs PLAYWRIGHT AXE CHROMIUM FOLDER NAME=URL…: opens each page in light and dark, wide and 360 px, and both widths without script. Takes pictures, and prints as JSON what is
// wrong: violations of axe, pages that are wider than the screen, errors of the console, and what is fetched from another origin. Of drawings (file:) it only takes pictures.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , playwright, axe, executablePath, folder, ...pages] = process.argv;
const { chromium } = (await import(pathToFileURL(playwright))).default;
const source = readFileSync(axe, 'utf8');
const limit = 180_000; // far above what a busy machine needs
const browser = await chromium.launch({ executablePath, timeout: limit, args: ['--no-sandbox'] });
const wrong = [];

async function look(name, url, { colorScheme, width, javaScriptEnabled }) {
  const context = await browser.newContext({ colorScheme, javaScriptEnabled, viewport: { width, height: 900 } });
  context.setDefaultTimeout(limit);
  const page = await context.newPage();
  const where = `${name}-${colorScheme}-${width}${javaScriptEnabled ? '' : '-no-script'}`;
  // That an error page has the status of an error is no error of the page.
  page.on('console', m => m.type() === 'error' && m.location().url !== url && wrong.push(`${where}: ${m.text()} (${m.location().url})`));
  page.on('pageerror', e => wrong.push(`${where}: ${e}`));
  page.on('request', r => { if (new URL(r.url()).origin !== new URL(url).origin) wrong.push(`${where}: fetches ${r.url()}`); });
  await page.goto(url);
  await page.screenshot({ path: `${folder}/${where}.png`, fullPage: !url.startsWith('file:') }); // a drawing has no page to scroll
  if (javaScriptEnabled && !url.startsWith('file:')) {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overflow > 0) wrong.push(`${where}: ${overflow} px too wide`);
  }

  // Both widths and both schemes, once each.
  if (javaScriptEnabled && !url.startsWith('file:') && (colorScheme === 'light') === (width > 360)) {
    await page.evaluate(source);
    const found = await page.evaluate(() => axe.run());
    for (const v of found.violations) if (['serious', 'critical'].includes(v.impact)) wrong.push(`${where}: ${v.id}: ${v.nodes.map(n => n.target + ' ' + n.failureSummary).join('; ')}`);
  }

  await context.close();
}

try {
  for (const [name, url] of pages.map(p => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)])) {
    for (const colorScheme of ['light', 'dark']) {
      for (const width of url.startsWith('file:') ? [1200] : [1200, 360]) await look(name, url, { colorScheme, width, javaScriptEnabled: true });
    }

    if (!url.startsWith('file:')) for (const width of [1200, 360]) await look(name, url, { colorScheme: 'light', width, javaScriptEnabled: false });
  }
} finally {
  await browser.close();
}

console.log(JSON.stringify(wrong));
