// ohif.mjs PLAYWRIGHT CHROMIUM VIEWER FOLDER: opens the study list, and the study 1.2.826.0.1.3680043.9.1, scrolls through it, and takes pictures of both. Prints what went wrong as JSON.
// It waits for what shall be seen, and for no amount of time: the limit is far above what a busy machine needs.
import { pathToFileURL } from 'node:url';

const [, , playwright, executablePath, viewer, folder] = process.argv;
const limit = 180_000;
const { chromium } = (await import(pathToFileURL(playwright))).default;
const browser = await chromium.launch({ executablePath, timeout: limit, args: ['--no-sandbox', '--use-gl=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'] });
const errors = [];
const frames = new Set(); // the URLs of the images that have come

// A page of its own for each URL: what a page still fetches when another takes its place would fail.
async function open(url) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(limit);
  page.on('console', m => m.type() === 'error' && errors.push(m.text()));
  page.on('pageerror', e => errors.push(`page: ${e.message}`));
  page.on('response', r => {
    if (r.status() >= 400) errors.push(`${r.status()} ${r.url()}`);
    if (r.url().includes('/frames/') && r.ok()) frames.add(r.url());
  });
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return page;
}

try {
  const studies = await open(viewer);
  await studies.getByText('Head and neck').first().waitFor();
  await studies.screenshot({ path: `${folder}/ohif-studies.png` });

  const study = await open(`${viewer}/viewer?StudyInstanceUIDs=1.2.826.0.1.3680043.9.1`);
  // The label of the image that is shown: its number, and its place among all.
  await study.getByText(/\(1\/\d+\)/).first().waitFor();
  // The label is there before the image takes the wheel, and the introduction may come later still and lie above both.
  const [skip, further] = [study.getByText('Skip all').first(), study.getByText(/\([2-9]\/\d+\)/).first()];
  for (const began = Date.now(); frames.size < 5 || !await further.isVisible();) {
    if (Date.now() - began > limit) throw new Error('scrolling shows no five images');
    if (await skip.isVisible()) await skip.click();
    await study.mouse.move(760, 420);
    await study.mouse.wheel(0, 200);
    await study.waitForTimeout(200);
  }

  const thumbnails = study.locator('[data-cy="study-browser-thumbnail"] img, [id^="thumbnail-"] img');
  await thumbnails.nth(1).waitFor();
  await study.screenshot({ path: `${folder}/ohif-study.png` });
  console.log(JSON.stringify({ errors, frames: frames.size, thumbnails: await thumbnails.count() }));
} catch (e) {
  console.log(JSON.stringify({ errors: [...errors, String(e)], frames: frames.size, thumbnails: 0 }));
} finally {
  await browser.close();
}
