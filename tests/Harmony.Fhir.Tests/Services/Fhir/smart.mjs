// smart.mjs PLAYWRIGHT CHROMIUM URL: opens the page where a SMART application starts, lets it in where the login page asks, and prints what the application has seen as JSON.
import { pathToFileURL } from 'node:url';

const [, , playwright, executablePath, url] = process.argv;
const { chromium } = (await import(pathToFileURL(playwright))).default;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(150000);
  const said = [];
  page.on('console', m => said.push(m.text()));
  page.on('pageerror', e => said.push(String(e)));
  await page.goto(url);
  await page.click('#let-in');
  await page.waitForFunction(() => window.seen, null, { timeout: 150000 }).catch(e => { throw new Error(`${e.message}\n${page.url()}\n${said.join('\n')}`); });
  console.log(JSON.stringify(await page.evaluate(() => window.seen)));
} finally {
  await browser.close();
}
