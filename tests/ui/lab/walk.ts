/** The steps from a folder to an accepted difference, as a person takes them with the mouse. */
import type { Locator, Page } from '@playwright/test';

import { expect, goTo, item, LONG } from './lab';
import type { Words } from './words';

/** What is typed is in the study's own file once the page says so. */
export async function describe(study: Locator, words: Words): Promise<void> {
  await study.getByRole('button', { name: words('Next: %1', words('Describe')) }).click();
  const form = study.getByRole('form', { name: words('Description of the study') });
  await expect(form.getByLabel(words('Title (English)'))).not.toHaveValue('');
  await form.getByLabel(words('Title (Japanese)')).fill('小さな数の和');
  await expect(study.locator('[data-keeping="kept"]')).toContainText(
    words('Kept in ro-crate-metadata.json')
  );
}

/** Check by running; returns the verdict. */
export async function verify(study: Locator, words: Words): Promise<Locator> {
  const body = await goTo(study, 'verify');
  await body.getByRole('button', { name: words('Check by running') }).click();
  await expect(body.getByRole('progressbar')).toBeVisible();
  const running = body
    .getByRole('list', { name: words('Notebooks') })
    .locator('[data-state="running"]');
  await expect(running).toBeVisible({ timeout: LONG });
  const verdict = body.getByRole('region', { name: words('Verdict') });
  await expect(verdict.locator('[data-of]').first()).toBeVisible({ timeout: LONG });
  return verdict;
}

/** Pack; the crate lies beside the study. */
export async function pack(study: Locator, words: Words): Promise<Locator> {
  const body = await goTo(study, 'pack');
  await body.getByRole('button', { name: words('Pack'), exact: true }).click();
  const crate = body.getByRole('region', { name: words('The crate') });
  await expect(crate).toBeVisible({ timeout: LONG });
  return crate;
}

/** Open a crate from the file browser; returns its document. */
export async function openCrate(page: Page, name: string): Promise<Locator> {
  await (await item(page, name)).dblclick();
  const crate = page.locator('.jp-recrate-Crate');
  await expect(crate.getByRole('heading', { level: 1 })).toBeVisible();
  return crate;
}

/** Start a replay from a crate's document and watch it; returns the run's document. */
export async function replay(
  page: Page,
  crate: Locator,
  words: Words,
  place = ''
): Promise<Locator> {
  await crate
    .getByRole('button', { name: words('Replay…') })
    .first()
    .click();
  if (place) {
    await page.getByLabel(words('Where to run')).selectOption({ label: place });
  }
  await page.getByRole('button', { name: words('Start the replay') }).click();
  const run = page.locator('.jp-recrate-RunView');
  await expect(run).toBeVisible();
  await expect(run.getByRole('region', { name: words('Verdict') })).toBeVisible({
    timeout: LONG
  });
  return run;
}

/** Accept the first difference of a run, with a reason; returns the review. */
export async function acceptDifference(page: Page, run: Locator, words: Words): Promise<Locator> {
  await run.getByRole('button', { name: words('Review outputs') }).click();
  const review = page.locator('.jp-recrate-Review');
  await expect(review.getByRole('list', { name: words('Outputs') })).toBeVisible();
  await review.getByRole('button', { name: words('Next difference') }).click();
  await review.getByRole('button', { name: words('Accept the difference…') }).click();
  await review.getByLabel(words('Reason')).fill('別の乱数でも同じ結論');
  await review
    .getByRole('button', { name: words('Accept the difference…').replace('…', ''), exact: true })
    .click();
  const decision = review.getByRole('region', { name: words('Decision'), exact: true });
  await expect(decision).toContainText(words('Accepted'), { timeout: LONG });
  await expect(decision).toContainText('別の乱数でも同じ結論');
  return review;
}
