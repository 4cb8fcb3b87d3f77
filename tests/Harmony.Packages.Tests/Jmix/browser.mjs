// browser.mjs PLAYWRIGHT CHROMIUM URL: opens a page and prints what it says it has seen as JSON.
import { pathToFileURL } from 'node:url';

const [, , playwright, executablePath, url] = process.argv;
const { chromium } = (await import(pathToFileURL(playwright))).default;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  const said = [];
  page.on('console', m => said.push(m.text()));
  page.on('pageerror', e => said.push(String(e)));
  await page.goto(url);
  await page.waitForFunction(() => window.seen, null, { timeout: 150000 }).catch(e => { throw new Error(`${e.message}\n${said.join('\n')}`); });
  console.log(JSON.stringify(await page.evaluate(() => window.seen)));
} finally {
  await browser.close();
}
