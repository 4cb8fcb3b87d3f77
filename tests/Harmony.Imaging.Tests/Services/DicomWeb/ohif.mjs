// ohif.mjs PLAYWRIGHT CHROMIUM VIEWER FOLDER: opens the study list, and the study 1.2.826.0.1.3680043.9.1, scrolls through it, and takes pictures of both. Prints what went wrong as JSON.
import { pathToFileURL } from 'node:url';

const [, , playwright, executablePath, viewer, folder] = process.argv;
const { chromium } = (await import(pathToFileURL(playwright))).default;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--use-gl=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'] });
const errors = [];
let frames = 0;
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('console', m => m.type() === 'error' && errors.push(m.text()));
  page.on('pageerror', e => errors.push(`page: ${e.message}`));
  page.on('response', r => {
    if (r.status() >= 400) errors.push(`${r.status()} ${r.url()}`);
    if (r.url().includes('/frames/') && r.ok()) frames++;
  });

  await page.goto(viewer, { waitUntil: 'domcontentloaded' });
  await page.getByText('Head and neck').first().waitFor({ timeout: 90_000 });
  await page.screenshot({ path: `${folder}/ohif-studies.png` });

  await page.goto(`${viewer}/viewer?StudyInstanceUIDs=1.2.826.0.1.3680043.9.1`, { waitUntil: 'domcontentloaded' });
  // The label of the image that is shown: its number, and its place among all.
  await page.getByText(/\(1\/\d+\)/).first().waitFor({ timeout: 90_000 });
  const skip = page.getByText('Skip all');
  if (await skip.count()) await skip.first().click();
  await page.mouse.move(760, 420);
  await page.mouse.wheel(0, 200);
  await page.getByText(/\([2-9]\/\d+\)/).first().waitFor({ timeout: 60_000 });
  const thumbnails = page.locator('[data-cy="study-browser-thumbnail"] img, [id^="thumbnail-"] img');
  await thumbnails.nth(1).waitFor({ timeout: 60_000 });
  await page.screenshot({ path: `${folder}/ohif-study.png` });
  console.log(JSON.stringify({ errors, frames, thumbnails: await thumbnails.count() }));
} catch (e) {
  console.log(JSON.stringify({ errors: [...errors, String(e)], frames, thumbnails: 0 }));
} finally {
  await browser.close();
}
