import { join } from 'path';

import { expect, packageFolder, scanned, test } from './lab';
import { copyTides, writeSums } from './studies';
import { acceptDifference, describe, openCrate, pack, replay, verify } from './walk';
import { catalogue, english } from './words';

test('the whole path of the tides study, by mouse', async ({ page, folder }) => {
  copyTides(join(folder, 'tides'));
  const study = await packageFolder(page, 'tides');

  const scan = await scanned(study);
  await expect(scan.getByRole('list', { name: 'What the study holds' })).toContainText(
    '3 notebooks'
  );
  const notebooks = scan.getByRole('region', { name: 'Notebooks' }).getByRole('listitem');
  await expect(notebooks).toHaveCount(3);
  await expect(notebooks.first()).toContainText('01-clean.ipynb');
  await expect(scan.getByRole('heading', { name: 'Findings' })).toBeVisible();

  await describe(study, english);
  const verdict = await verify(study, english);
  await expect(verdict).toContainText('outputs compared');
  const judged = verdict.getByRole('list', { name: 'Notebooks' });
  await expect(judged.getByRole('listitem')).toHaveCount(3);

  const crate = await pack(study, english);
  await expect(crate.getByRole('heading', { level: 2 })).toContainText('tides.crate.zip');

  const document = await openCrate(page, 'tides.crate.zip');
  await expect(document.getByRole('tablist')).toBeVisible();
  const run = await replay(page, document, english);

  const review = await acceptDifference(page, run, english);
  await review.getByRole('button', { name: 'Open report' }).click();
  const report = page.frameLocator('iframe[title^="Report"]');
  await expect(
    report.getByText('別の乱数でも同じ結論').filter({ visible: true }).first()
  ).toBeVisible();
});

test.describe('in Japanese', () => {
  test.use({
    locale: 'ja-JP',
    mockSettings: {
      '@jupyterlab/translation-extension:plugin': { locale: 'ja_JP' },
      '@jupyterlab/apputils-extension:notification': { fetchNews: 'false' }
    }
  });

  test('the whole path of a small study, by mouse', async ({ page, request, folder }) => {
    const words = await catalogue(request, 'ja_JP');
    writeSums(join(folder, 'sums'));
    await expect(page.locator('html')).toHaveAttribute('lang', /^ja/);
    const study = await packageFolder(page, 'sums');
    const scan = await scanned(study);
    await expect(scan.getByRole('list', { name: words('What the study holds') })).toContainText(
      '1'
    );
    await describe(study, words);
    const verdict = await verify(study, words);
    await expect(verdict).toContainText(words('Different'));
    await pack(study, words);
    const document = await openCrate(page, 'sums.crate.zip');
    const run = await replay(page, document, words);
    const review = await acceptDifference(page, run, words);
    await review.getByRole('button', { name: words('Open report') }).click();
    const report = page.frameLocator('iframe[title^="' + words('Report: %1', '') + '"]');
    await expect(
      report.getByText('別の乱数でも同じ結論').filter({ visible: true }).first()
    ).toBeVisible();
    expect(words('Check by running')).not.toBe('Check by running');
  });
});
