/** Campaigns in Lab: begun in the form, watched, stopped, gone on with, and opened. */
import { mkdirSync, renameSync } from 'fs';
import { basename, join } from 'path';
import type { Locator } from '@playwright/test';

import { expectAccessible } from './axe';
import { execute, expect, test, LONG, type LabPage } from './lab';
import { packed } from './servers';
import { writeSlow, writeSums } from './studies';

/** Put crates of studies into a folder of their own. */
function crates(folder: string, ...studies: string[]): void {
  mkdirSync(folder);
  studies.forEach(study => {
    const crate = packed(study);
    renameSync(crate, join(folder, basename(crate)));
  });
}

/** Open all campaigns and start one of a folder, where this machine is as it is. */
async function start(page: LabPage, path: string, workers = ''): Promise<Locator> {
  await execute(page, 'recrate:campaigns');
  const room = page.locator('.jp-recrate-Campaigns');
  const form = room.getByRole('region', { name: 'New campaign' });
  const toggle = room.getByRole('button', { name: 'New campaign' });
  await expect(toggle).toBeVisible();
  await expect(room.getByText('Looking…')).toHaveCount(0);
  if ((await toggle.getAttribute('aria-expanded')) !== 'true') {
    await toggle.click();
  }
  await form.getByLabel('List of crates').fill(path);
  await form.getByLabel('Environment').selectOption('current');
  await form.getByLabel('Replays at once').fill(workers);
  await form.getByRole('button', { name: 'Limits' }).click();
  await form.getByLabel('Replay also what has a verdict already').check();
  await form.getByRole('button', { name: 'Start the campaign' }).click();
  return room.getByRole('article', { name: path.split('/').pop() }).first();
}

test('a campaign of two crates is watched to its end, and its page filters them', async ({
  page,
  folder,
  tmpPath
}) => {
  writeSums(join(folder, 'sums'));
  writeSlow(join(folder, 'slow'), 2);
  crates(join(folder, 'two'), join(folder, 'sums'), join(folder, 'slow'));
  const card = await start(page, `${tmpPath}/two`);
  await expect(card.getByRole('button', { name: 'Stop' })).toBeVisible();
  await expect(card).toContainText('2 of 2 done', { timeout: LONG });
  const verdicts = card.getByRole('list', { name: 'Verdicts' });
  await expect(verdicts).toContainText('1 identical');
  await expect(verdicts).toContainText('1 different');
  await expectAccessible(page, '.jp-recrate-Campaigns', 'campaigns');
  const exported = page.waitForEvent('download');
  await card.getByRole('link', { name: 'campaign.csv' }).click();
  expect((await exported).suggestedFilename()).toBe('campaign.csv');
  await page.screenshot({ path: test.info().outputPath('campaigns.png') });

  await card.getByRole('button', { name: 'Open its page' }).click();
  const shown = page.locator('.jp-recrate-Campaign-page iframe');
  await expect(shown).toHaveAttribute('sandbox', 'allow-scripts');
  const inside = page.frameLocator('.jp-recrate-Campaign-page iframe');
  const rows = inside.locator('table tbody tr');
  await expect(inside.getByRole('searchbox').first()).toBeVisible();
  await inside.getByRole('searchbox').first().fill('slow');
  await expect(inside.getByText('slow.crate.zip').first()).toBeVisible();
  await expect(inside.getByText('sums.crate.zip')).toHaveCount(0);
  await page.screenshot({ path: test.info().outputPath('page.png') });
  await rows.getByRole('link').first().click();
  await expect(inside.getByText('slow.ipynb').first()).toBeVisible();
  const origin = await (await shown.elementHandle())!
    .contentFrame()
    .then(frame => frame!.evaluate(() => `${window.origin} ${document.cookie ? 'told' : ''}`))
    .catch(error => String(error));
  expect(origin).toMatch(/^null|SecurityError/);
  await page.getByRole('button', { name: 'Back to the overview' }).click();
  await expect(inside.getByText('sums.crate.zip').first()).toBeVisible();
});

test('a campaign is stopped, keeps what was done, and goes on', async ({
  page,
  folder,
  tmpPath
}) => {
  writeSums(join(folder, 'a-sums'));
  writeSlow(join(folder, 'b-slow'), 25);
  crates(join(folder, 'both'), join(folder, 'a-sums'), join(folder, 'b-slow'));
  const card = await start(page, `${tmpPath}/both`, '1');
  await expect(card).toContainText('1 of 2 done', { timeout: LONG });
  await card.getByRole('button', { name: 'Stop' }).click();
  await expect(card).toContainText('Cancelled', { timeout: LONG });
  await expect(card).toContainText('1 of 2 done');
  await card.getByRole('button', { name: 'Resume' }).click();
  await expect(card).toContainText('2 of 2 done', { timeout: LONG });
  await expect(card.getByRole('list', { name: 'Verdicts' })).toContainText('1 identical');
});
