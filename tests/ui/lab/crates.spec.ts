import { randomBytes } from 'crypto';
import { join } from 'path';

import { choose, expect, item, test, LONG } from './lab';
import { packed } from './servers';
import { write, writeSums } from './studies';
import { openCrate, replay } from './walk';
import { english } from './words';

const PAYLOAD = 3_000_000;

test('opening a crate downloads nothing but its metadata', async ({ page, folder }) => {
  writeSums(join(folder, 'sums'));
  write(join(folder, 'sums'), { 'noise.bin': randomBytes(PAYLOAD) });
  packed(join(folder, 'sums'));
  await item(page, 'sums.crate.zip');

  const asked: string[] = [];
  let received = 0;
  const session = await page.context().newCDPSession(page.mainFrame().page());
  await session.send('Network.enable');
  session.on('Network.dataReceived', ({ dataLength }) => (received += dataLength));
  page.on('request', request => asked.push(decodeURIComponent(request.url())));

  const crate = await openCrate(page, 'sums.crate.zip');
  await expect(crate.getByRole('heading', { level: 1 })).toHaveText('Sums of small numbers');
  for (const tab of ['Contents', 'Environment', 'Metadata', 'Findings', 'Verdicts']) {
    await crate.getByRole('tab', { name: tab }).click();
    await expect(crate.getByRole('tabpanel', { name: tab })).toBeVisible();
  }
  const ofCrate = asked.filter(url => url.includes('sums.crate.zip'));
  expect(ofCrate.filter(url => url.includes('/recrate/api/crates?'))).not.toEqual([]);
  expect(ofCrate.filter(url => /\/files\/|content=1/.test(url))).toEqual([]);
  expect(received).toBeGreaterThan(0);
  expect(received).toBeLessThan(PAYLOAD / 10);
});

test('the tabs of a crate say what is in it', async ({ page, folder }) => {
  writeSums(join(folder, 'sums'), { 'data/numbers.csv': '1,2\n' });
  packed(join(folder, 'sums'));
  const crate = await openCrate(page, 'sums.crate.zip');
  await expect(crate).toContainText('Not verified');
  await expect(crate.getByRole('tabpanel', { name: 'Overview' })).toContainText('Tide');
  await crate.getByRole('tab', { name: 'Contents' }).click();
  const files = crate.getByRole('list', { name: 'Files of the crate' });
  await expect(files).toContainText('numbers.csv');
  await expect(files).toContainText('sums.ipynb');
  await crate.getByRole('tab', { name: 'Verdicts' }).click();
  await expect(crate).toContainText('Nobody has run this crate here');
  await crate.getByRole('tab', { name: 'Findings' }).click();
  await crate.getByRole('button', { name: 'Check this crate' }).click();
  await expect(crate.getByRole('status').filter({ hasText: 'Valid' })).toBeVisible({
    timeout: LONG
  });
});

test('a crate is replayed from its context menu, and the form says what is missing', async ({
  page,
  folder
}) => {
  writeSums(join(folder, 'sums'));
  packed(join(folder, 'sums'));
  await choose(page, 'sums.crate.zip', 'recrate:replay');
  await expect(page.getByRole('button', { name: 'Start the replay' })).toBeVisible();
  const boxes = page.locator('.jp-recrate-Replay').getByRole('checkbox');
  await boxes.first().uncheck();
  await expect(page.getByText('Choose at least one notebook.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start the replay' })).toHaveAttribute(
    'aria-disabled',
    'true'
  );
});

test('a replay is sent to another place that runs, and its verdict comes back', async ({
  page,
  folder
}) => {
  writeSums(join(folder, 'sums'));
  packed(join(folder, 'sums'));
  const crate = await openCrate(page, 'sums.crate.zip');
  const run = await replay(page, crate, english, 'The second place');
  await expect(run.getByRole('region', { name: 'Verdict' })).toContainText('sums');
  await run.getByRole('button', { name: 'Review outputs' }).click();
  await expect(page.locator('.jp-recrate-Review')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('second.png') });
});
