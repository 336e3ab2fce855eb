import { execFileSync } from 'child_process';
import { join } from 'path';

import type { Page } from '@playwright/test';

import { execute, expect, ownTest, packageFolder, scanned, test } from './lab';
import { CITATION, code, notebook, printed, write } from './studies';

const ROWS_DRAWN_AT_MOST = 60;

test('a study of 300 notebooks is scanned into a list of which only what is seen is drawn', async ({
  page,
  folder
}) => {
  const cells = [code('print(1 + 1)', printed('2\n'))];
  const files = Array.from({ length: 300 }, (_, at) => [
    `part-${at % 10}/notebook-${String(at).padStart(3, '0')}.ipynb`,
    notebook(cells)
  ]);
  write(join(folder, 'large'), { 'CITATION.cff': CITATION, ...Object.fromEntries(files) });
  const study = await packageFolder(page, 'large');
  const scan = await scanned(study);
  await expect(scan.getByRole('list', { name: 'What the study holds' })).toContainText(
    '300 notebooks'
  );
  const notebooks = scan.getByRole('region', { name: 'Notebooks' });
  const rows = notebooks.getByRole('listitem');
  await expect(rows.first()).toBeVisible();
  expect(await rows.count()).toBeLessThan(ROWS_DRAWN_AT_MOST);
  await expect(rows.first()).toHaveAttribute('aria-setsize', '300');

  await rows.first().focus();
  await page.keyboard.press('End');
  await expect(notebooks).toContainText('notebook-299.ipynb');
  expect(await rows.count()).toBeLessThan(ROWS_DRAWN_AT_MOST);

  await notebooks.getByLabel('Filter the notebooks').fill('notebook-123');
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText('part-3/notebook-123.ipynb');
});

/** Milliseconds from calling up the list of runs to its first rows on the screen. */
async function millisecondsToRuns(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { jupyterapp } = window as unknown as {
      jupyterapp: { commands: { execute: (id: string) => Promise<{ node: HTMLElement }> } };
    };
    const begun = performance.now();
    const { node } = await jupyterapp.commands.execute('recrate:runs');
    const isDrawn = () => node.querySelector('[data-row="0"] button') !== null;
    while (!isDrawn() && performance.now() - begun < 20_000) {
      await new Promise(requestAnimationFrame);
    }
    return performance.now() - begun;
  });
}

ownTest(
  '10,000 runs open in less than a second, are searched, and draw no more than is seen',
  async ({ page, own }) => {
    execFileSync('python', [join(__dirname, 'many.py'), join(own.folder, 'data'), '10000']);
    await page.reload();
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      times.push(await millisecondsToRuns(page));
      if (round < 2) {
        await execute(page, 'application:close');
      }
    }
    // The quickest of three: other programs may have the machine in between.
    expect(Math.min(...times), times.join()).toBeLessThan(1000);

    const document = page.locator('#recrate-runs');
    const rows = document.getByRole('list', { name: 'Runs' }).getByRole('listitem');
    await expect(document.getByRole('status').first()).toContainText('10,000 runs');
    await expect(rows.first()).toContainText('9999');
    expect(await rows.count()).toBeLessThan(ROWS_DRAWN_AT_MOST);
    await rows.first().focus();
    await page.keyboard.press('End');
    await expect(rows.filter({ hasText: 'study-0 0' })).toBeVisible();
    expect(await rows.count()).toBeLessThan(ROWS_DRAWN_AT_MOST);

    await document.getByRole('searchbox', { name: 'Search runs' }).fill('rare-earths');
    await expect(document.getByRole('status').first()).toContainText('10 runs');
    await document.getByLabel('Verdict').selectOption({ label: 'Failed' });
    await expect(document.getByRole('status').first()).toContainText(/^10 runs|^0 runs/);
  }
);
