import { readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';

import type { Locator, Page } from '@playwright/test';

import {
  execute,
  expect,
  goTo,
  item,
  ownTest,
  packageFolder,
  scanned,
  test,
  verifyHere,
  LONG
} from './lab';
import { packed } from './servers';
import { CITATION, code, notebook, printed, write, writeSlow, writeSums } from './studies';

/** What every error shows: a message, what to do, and details for whoever is asked. */
async function expectWhole(page: Page, problem: Locator, told: RegExp): Promise<void> {
  await expect(problem).toBeVisible({ timeout: LONG });
  await expect(problem).toHaveAttribute('role', 'alert');
  await expect(problem.locator('.jp-recrate-Problem-message')).not.toBeEmpty();
  await expect(problem.locator('.jp-recrate-Problem-hint').first()).not.toBeEmpty();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await problem.getByRole('button', { name: 'Copy details' }).click();
  await expect(problem.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(told);
  const message = (await problem.locator('.jp-recrate-Problem-message').textContent()) ?? '';
  // The page words the message for people; what is copied is the server's own, for whoever helps.
  expect(message.length).toBeGreaterThan(10);
  expect(copied).toMatch(/^\S.{10,}[\s\S]*\nreason: \S+/i);
}

ownTest.describe('too many jobs', () => {
  ownTest.use({ serverOptions: ['--RecrateServer.jobs_per_user=1'] });

  ownTest('429: it says so, when to come back, and works afterwards', async ({ page, folder }) => {
    writeSlow(join(folder, 'slow'), 30);
    writeSums(join(folder, 'sums'));
    const slow = await packageFolder(page, 'slow');
    await scanned(slow);
    const verify = await verifyHere(slow);
    await expect(verify.getByRole('progressbar')).toBeVisible();
    const sums = await (async () => {
      await packageFolderBeside(page, 'sums');
      return page.locator('.jp-recrate-Pack:visible');
    })();
    const problem = sums.locator('.jp-recrate-Problem');
    await expectWhole(page, problem, /busy \(HTTP 429\)/);
    await expect(problem).toContainText('Come back in');

    await page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab', { hasText: 'slow' }).click();
    await verify.getByRole('button', { name: 'Cancel' }).click();
    await expect(verify.getByText('Cancelled')).toBeVisible();
    await page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab', { hasText: 'sums' }).click();
    await problem.getByRole('button', { name: 'Try again' }).click();
    await scanned(sums);
  });
});

/** Open a second study while another one is open. */
async function packageFolderBeside(page: Page, name: string): Promise<void> {
  await (await item(page, name)).click({ button: 'right' });
  await page.locator('.lm-Menu [data-command="recrate:package"]').click();
  await expect(
    page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab', { hasText: name })
  ).toBeVisible();
}

test('404: a run that was deleted', async ({ page }) => {
  await execute(page, 'recrate:open-run', { id: '0'.repeat(32) });
  await expectWhole(page, page.locator('.jp-recrate-Problem:visible'), /not-found/);
});

test('404: a crate that was deleted since the list was read', async ({ page, folder, tmpPath }) => {
  writeSums(join(folder, 'sums'));
  rmSync(packed(join(folder, 'sums')));
  await execute(page, 'recrate:replay', { path: `${tmpPath}/sums.crate.zip` });
  const problem = page.locator('.jp-recrate-Problem:visible');
  await expectWhole(page, problem, /not-found \(HTTP 404\)/);
  packed(join(folder, 'sums'));
  await problem.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('button', { name: 'Start the replay' })).toBeVisible();
});

test('409: a fix for a file that changed since the scan is refused, and scanning helps', async ({
  page,
  folder
}) => {
  const path = join(folder, 'sums', 'sums.ipynb');
  writeSums(join(folder, 'sums'), {
    'numbers.csv': '1,2\n',
    'sums.ipynb': notebook([
      code(`open("${join(folder, 'sums')}/numbers.csv").read()`, printed('1,2\n'))
    ])
  });
  const study = await packageFolder(page, 'sums');
  const scan = await scanned(study);
  const finding = scan.locator('[data-code="absolute-path"]');
  await finding.getByRole('button', { name: 'Fix…' }).click();
  writeFileSync(path, readFileSync(path, 'utf8').replace('read()', 'read( )'));
  await finding.getByRole('button', { name: 'Apply' }).click();
  const problem = finding.locator('.jp-recrate-Problem');
  await expectWhole(page, problem, /conflict \(HTTP 409\)/);
  await problem.getByRole('button', { name: 'Scan again' }).click();
  await expect(problem).toHaveCount(0, { timeout: LONG });
});

test('422: a file that only calls itself a crate', async ({ page, folder }) => {
  writeFileSync(join(folder, 'broken.crate.zip'), 'this is no zip file');
  await (await item(page, 'broken.crate.zip')).dblclick();
  await expectWhole(page, page.locator('.jp-recrate-Problem'), /bad-crate \(HTTP 422\)/);
});

test('a job that is refused says why: a secret in the study', async ({ page, folder }) => {
  const secret = `ghp_${'a1B2c3D4e5F6g7H8i9J0'.repeat(2).slice(0, 36)}`;
  write(join(folder, 'leak'), {
    'CITATION.cff': CITATION,
    'leak.ipynb': notebook([code(`token = "${secret}"\nprint(1)`, printed('1\n'))])
  });
  const study = await packageFolder(page, 'leak');
  const scan = await scanned(study);
  await expect(scan.locator('[data-code="secret"]')).toBeVisible();
  await expect(scan).not.toContainText(secret);
  const pack = await goTo(study, 'pack');
  await pack.getByRole('button', { name: 'Pack', exact: true }).click();
  await expectWhole(page, pack.locator('.jp-recrate-Problem'), /refused/);
  await pack.getByLabel(/secret/i).check();
  await pack.getByRole('button', { name: 'Start anew' }).click();
  await expect(pack.getByRole('region', { name: 'The crate' })).toBeVisible({ timeout: LONG });
});
