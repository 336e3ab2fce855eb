import { expect, test, type Locator, type Page } from '@playwright/test';

import { expectAccessible } from './axe';
import { LaunchedSession, ReviewedCrate } from './sessions';

const LONG = 120_000;

let crate: ReviewedCrate;
let session: LaunchedSession;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(600_000);
  crate = new ReviewedCrate();
  session = await LaunchedSession.launch(crate, 'en');
});

test.afterAll(async () => {
  await session?.end();
  crate?.remove();
});

/** Open a notebook of a session; returns its document once its cells are known. */
async function opened(page: Page, path: string, of = session): Promise<Locator> {
  await page.goto(of.url(path));
  await page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
  const document = page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  await expect(document.locator('.jp-recrate-Mark').first()).toBeAttached({ timeout: 60_000 });
  return document;
}

/** The code cell that says something. */
function cellOf(document: Locator, text: string): Locator {
  return document.locator('.jp-CodeCell', { hasText: text });
}

const mark = (cell: Locator): Locator => cell.locator('.jp-recrate-Mark');
const panel = (page: Page): Locator => page.locator('#recrate-session');

async function runAll(page: Page): Promise<void> {
  await page
    .locator('.jp-recrate-Banner')
    .getByRole('button', { name: 'Run all & compare' })
    .click();
  const answer = page.locator('.jp-Dialog').getByRole('button', { name: 'Run all & compare' });
  await expect(answer.or(panel(page).getByRole('progressbar'))).toBeVisible();
  if (await answer.isVisible()) {
    await answer.click();
  }
  await ran(page);
}

/** Wait for the end of a run that has begun. */
async function ran(page: Page): Promise<void> {
  await expect(
    panel(page).getByRole('region', { name: 'So far' }).locator(':scope > p')
  ).toHaveCount(2, {
    timeout: LONG
  });
  await expect(panel(page).getByRole('progressbar')).toHaveCount(0);
}

test('the banner says what the session is of, and stays folded', async ({ page }) => {
  await opened(page, '01-clean.ipynb');
  const banner = page.getByRole('region', { name: 'The crate of this session' });
  await expect(banner).toContainText('Tides at Shiomi');
  await expect(banner).toContainText('CC0-1.0');
  await expect(banner).toContainText(/Python 3\.\d+\.\d+, \d+ packages, every version as locked/);
  await expect(banner).toContainText('Cells run in a sandbox without network');
  await expect(banner).toContainText('Not verified');
  const [above, below] = await Promise.all([
    banner.boundingBox(),
    page.locator('#jp-top-panel').boundingBox()
  ]);
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual((below?.y ?? 0) + 2);
  await banner.getByRole('button', { name: 'About this session' }).click();
  await expect(panel(page)).toContainText('This is a working copy');
  await banner.getByRole('button', { name: 'Fold the banner' }).click();
  await expect(banner).not.toContainText('CC0-1.0');
  await page.waitForTimeout(1500); // Lab writes its state down a moment later
  await page.goto(session.url('01-clean.ipynb').replace('&reset=', ''));
  await expect(banner.getByRole('button', { name: 'Show the banner' })).toBeVisible();
  await banner.getByRole('button', { name: 'Show the banner' }).click();
});

test('a cell is marked as it is run, shown beside what was recorded, and not judged once changed', async ({
  page
}) => {
  const document = await opened(page, '01-clean.ipynb');
  const read = cellOf(document, 'read_csv("data/sea-level-raw.csv"');
  await expect(mark(read)).toContainText('Not run here yet');
  await document.locator('.jp-CodeCell').first().locator('.jp-InputArea-prompt').click();
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Shift+Enter');
  await expect(mark(read)).toContainText('Same as recorded', { timeout: LONG });
  await expect(page.locator('[data-said="session"]')).toContainText(/Same as recorded|2 cells/);
  const beside = mark(read).getByRole('button', { name: 'Expected beside yours' });
  await beside.focus();
  await page.keyboard.press('Enter');
  const frame = mark(read).locator('iframe');
  await expect(frame).toHaveAttribute('sandbox', 'allow-same-origin');
  await expect(mark(read).frameLocator('iframe').locator('body')).toContainText('1014.405');

  await read.getByRole('button', { name: 'Move this cell down' }).click();
  await expect(mark(read)).toContainText('Same as recorded');
  await read.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('  # looked at');
  await expect(mark(read)).toContainText('Edited since it ran: not judged');
  await page.keyboard.press('Control+Enter');
  await expect(mark(read)).toContainText('Changed by you: not judged', { timeout: LONG });
});

test('run all & compare by keyboard agrees with a replay, also on what chance makes', async ({
  page
}) => {
  const document = await opened(page, '02-harmonics.ipynb');
  await document.locator('.jp-MarkdownCell').first().click();
  await page.keyboard.press('Control+Alt+Enter');
  await ran(page);
  const overall = panel(page).getByRole('region', { name: 'So far' });
  await expect(overall).toContainText('10 of 10 outputs compared');
  await expect(overall).toContainText('2 different');
  await panel(page)
    .getByRole('button', { name: /^Code cell \d+$/ })
    .click();
  const chance = cellOf(document, 'default_rng');
  await expect(mark(chance)).toBeInViewport();
  await expect(mark(chance).locator('iframe')).toBeVisible();
  await overall.getByRole('button', { name: 'Run once more' }).click();
  await expect(overall).toContainText('2 unstable', { timeout: LONG });
  await expect(overall).toContainText('8 identical');
  await expect(overall.locator('[data-of="identical"]').first()).toBeVisible();
  await expect(mark(chance)).toContainText('Different at every run');
  await page.locator('.jp-recrate-Banner').getByRole('button', { name: 'Give a verdict…' }).click();
  const form = page.locator('.jp-recrate-Opinion');
  await form.getByLabel('Undecided').check();
  await form.getByRole('button', { name: 'Save the notebooks and make the verdict' }).click();
  const verdict = form.getByRole('region', { name: 'Verdict' });
  await expect(verdict).toContainText('Identical', { timeout: LONG });
  await expect(verdict).toContainText('2 unstable');
});

test('a cell that fails stops its notebook, and what lies behind it is not judged', async ({
  page
}) => {
  const document = await opened(page, '04-stops.ipynb');
  await runAll(page);
  await expect(mark(cellOf(document, '1 + 1'))).toContainText('Same as recorded');
  await expect(mark(cellOf(document, 'nobody_defined_this'))).toContainText('Failed');
  await expect(mark(cellOf(document, 'never'))).toContainText('Not run here yet');
  const row = panel(page).getByRole('listitem').filter({ hasText: '04-stops.ipynb' }).first();
  await expect(row).toContainText('It stopped at code cell 2 with an error.');
  await expect(row).toContainText('1 cell with recorded outputs was not run');
  await expect(panel(page).getByRole('region', { name: 'So far' })).toContainText('Failed');
});

test('what the reviewer saw becomes a verdict with a report and a run crate', async ({ page }) => {
  await opened(page, '01-clean.ipynb');
  await page.locator('.jp-recrate-Banner').getByRole('button', { name: 'Give a verdict…' }).click();
  const form = page.locator('.jp-recrate-Opinion');
  const make = form.getByRole('button', { name: 'Save the notebooks and make the verdict' });
  await expect(form).toContainText('Run something first');
  await page.getByRole('tab', { name: /01-clean/ }).click();
  await runAll(page);
  await page.getByRole('tab', { name: 'Give a verdict' }).click();
  await make.click();
  await expect(form).toContainText('Choose one of the three.');
  await form.getByLabel('Confirms').check();
  await form.getByLabel('Statement').fill('I ran it twice.\n<b>It holds.</b>');
  await form.getByLabel('Name', { exact: true }).fill('Rei Viewer');
  await form.getByLabel('ORCID').fill('0000-0002-1825-0098');
  await expect(form).toContainText('the check digit does not fit');
  await form.getByLabel('ORCID').fill('0000-0002-1825-0097');
  await expectAccessible(page, '.jp-recrate-Opinion', 'form');
  await make.click();
  const verdict = form.getByRole('region', { name: 'Verdict' });
  await expect(verdict).toContainText('Identical', { timeout: LONG });
  await expect(verdict).toContainText('6 of 6 outputs compared');
  await expect(form).toContainText('<b>It holds.</b>');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    form.getByRole('button', { name: 'Download the run crate' }).click()
  ]);
  expect(download.suggestedFilename()).toMatch(/^verdict-[0-9a-f]{8}\.crate\.zip$/);
  expect(await download.failure()).toBeNull();
  await verdict.getByRole('button', { name: 'Open report' }).click();
  const report = page.frameLocator('[id^="recrate-report-"] iframe');
  await expect(report.locator('body')).toContainText('01-clean.ipynb');
  await expect(report.locator('body')).toContainText('Rei Viewer');
});

test('axe finds nothing serious in banner, marks and panel, in light and dark', async ({
  page
}) => {
  for (const theme of ['JupyterLab Light', 'JupyterLab Dark']) {
    await wear(page, theme);
    await opened(page, '04-stops.ipynb');
    await runAll(page);
    const banner = page.locator('.jp-recrate-Banner');
    await banner.getByRole('button', { name: 'About this session' }).click();
    await expect(panel(page)).toContainText('This is a working copy');
    for (const part of ['.jp-recrate-Banner', '#recrate-session', '.jp-recrate-Mark']) {
      await expectAccessible(page, part, `${theme}: ${part}`);
    }
  }
});

/** Choose a theme as the Settings menu does: it is worn by the next page. */
async function wear(page: Page, theme: string): Promise<void> {
  const { origin, searchParams } = new URL(session.url(''));
  const answer = await page.request.put(
    `${origin}/lab/api/settings/@jupyterlab/apputils-extension:themes`,
    {
      headers: { Authorization: `token ${searchParams.get('token')}` },
      data: { raw: JSON.stringify({ theme }) }
    }
  );
  expect(answer.ok()).toBe(true);
}

test.describe('in a small window', () => {
  test.use({ viewport: { width: 640, height: 400 } });

  test('the banner begins folded and nothing in it is cut off', async ({ page }) => {
    await opened(page, '01-clean.ipynb');
    const banner = page.locator('.jp-recrate-Banner');
    await expect(banner.getByRole('button', { name: 'Show the banner' })).toBeVisible();
    await banner.getByRole('button', { name: 'Show the banner' }).click();
    await expect(banner).toContainText('CC0-1.0');
    await page.waitForTimeout(500);
    const room = page.locator('#recrate-session-banner');
    const [inner, outer] = await Promise.all([banner.boundingBox(), room.boundingBox()]);
    expect(Math.abs((inner?.height ?? 0) - (outer?.height ?? 0))).toBeLessThan(3);
    expect(await banner.evaluate(node => node.scrollWidth - node.clientWidth)).toBeLessThan(2);
  });
});

test('in Japanese: banner, marks and summary', async ({ page }) => {
  test.setTimeout(400_000);
  const japanese = await LaunchedSession.launch(crate, 'ja');
  try {
    const document = await opened(page, '01-clean.ipynb', japanese);
    const banner = page.getByRole('region', { name: 'このセッションのクレート' });
    await expect(banner).toContainText('セルはネットワークのないサンドボックスで実行されます');
    await banner.getByRole('button', { name: 'すべて実行して比較' }).click();
    const overall = panel(page).getByRole('region', { name: 'これまでの結果' });
    await expect(overall).toContainText('6 件の出力のうち 6 件を比較', { timeout: LONG });
    await expect(overall).toContainText('完全一致');
    await expect(mark(cellOf(document, 'read_csv')).first()).toContainText('記録と同じ');
    const left = (await panel(page).innerText()).match(/\b(recorded|cell|outputs?|run)\b/gi);
    expect(left).toBeNull();
  } finally {
    await japanese.end();
  }
});

test('a session of a blind crate names nobody', async ({ page }) => {
  test.setTimeout(400_000);
  const blind = new ReviewedCrate('--blind');
  const reviewed = await LaunchedSession.launch(blind, 'en');
  try {
    await opened(page, '01-clean.ipynb', reviewed);
    const banner = page.getByRole('region', { name: 'The crate of this session' });
    await expect(banner).toContainText('Tides at Shiomi');
    await expect(banner).toContainText('Packed for blind review');
    await banner.getByRole('button', { name: 'About this session' }).click();
    await expect(panel(page)).toContainText('This is a working copy');
    for (const shown of [banner, panel(page), page.locator('.jp-NotebookPanel')]) {
      await expect(shown).not.toContainText(/Carberry|recrate developers|0000-000\d-/);
    }
  } finally {
    await reviewed.end();
    blind.remove();
  }
});

test('an ordinary JupyterLab has no banner and no marks', async ({ page, baseURL }) => {
  const answered = page.waitForResponse(/\/recrate\/api\/session(\?|$)/);
  await page.goto(`${baseURL}/lab`);
  expect(await (await answered).json()).toEqual({ session: null });
  await page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
  await expect(page.locator('.jp-recrate-Banner, .jp-recrate-Mark, #recrate-session')).toHaveCount(
    0
  );
});
