import { existsSync, readdirSync, rmSync } from 'fs';
import { join } from 'path';

import { expect, goTo, ownTest, packageFolder, scanned, test, verifyHere, LONG } from './lab';
import { CITATION, code, notebook, printed, write, writeSlow, writeSums } from './studies';

ownTest.describe('a server that goes away', () => {
  ownTest('the document says so, and goes on where the job is', async ({ page, own, folder }) => {
    writeSlow(join(folder, 'slow'), 12);
    const study = await packageFolder(page, 'slow');
    await scanned(study);
    const verify = await verifyHere(study);
    await expect(verify.locator('[data-state="running"]')).toContainText(/cell [2-9]/, {
      timeout: LONG
    });
    // Lab's own dialog about a lost connection.
    await page.addLocatorHandler(page.locator('.jp-Dialog'), dialog =>
      dialog.locator('button').last().click()
    );
    await own.kill();
    await expect(verify).toContainText('The server does not answer just now');
    await own.begin();
    await expect(verify).not.toContainText('The server does not answer just now', {
      timeout: LONG
    });
    await expect(verify.getByRole('region', { name: 'Verdict' })).toContainText(
      '12 of 12 outputs compared',
      { timeout: LONG }
    );
  });

  ownTest('what died with it is called interrupted, and goes on', async ({ page, own, folder }) => {
    writeSlow(join(folder, 'slow'), 8);
    const study = await packageFolder(page, 'slow');
    await scanned(study);
    const verify = await verifyHere(study);
    await expect(verify.locator('[data-state="running"]')).toContainText(/cell [2-9]/, {
      timeout: LONG
    });
    await page.addLocatorHandler(page.locator('.jp-Dialog'), dialog =>
      dialog.locator('button').last().click()
    );
    await own.kill();
    expect(own.killWorkers()).toBeGreaterThan(0);
    await own.begin();
    const resume = verify.getByRole('button', { name: 'Resume' });
    await expect(resume).toBeVisible({ timeout: LONG });
    await expect(verify.getByRole('region', { name: 'Verdict' })).toHaveCount(0);
    await resume.click();
    await expect(verify.getByRole('region', { name: 'Verdict' })).toContainText(
      '8 of 8 outputs compared',
      { timeout: LONG }
    );
  });
});

ownTest.describe('a disk without room', () => {
  ownTest.use({ diskBytes: 6_000_000 });

  ownTest(
    'packing says so, leaves nothing half-written, and can be done again',
    async ({ page, own, folder }) => {
      ownTest.skip(!own.isMounted, 'needs the right to mount a tmpfs: run as root');
      const noise = Buffer.alloc(3_500_000);
      for (let at = 0; at < noise.length; at += 4) {
        noise.writeUInt32LE((Math.random() * 2 ** 32) >>> 0, at);
      }
      writeSums(join(folder, 'sums'));
      write(join(folder, 'sums'), { 'noise.bin': noise });
      const study = await packageFolder(page, 'sums');
      await scanned(study);
      const pack = await goTo(study, 'pack');
      await pack.getByRole('button', { name: 'Pack', exact: true }).click();
      const problem = pack.getByRole('alert');
      await expect(problem).toContainText(/no (space|room)|full/i, { timeout: LONG });
      await expect(problem.getByRole('button', { name: 'Copy details' })).toBeVisible();
      expect(readdirSync(folder).filter(name => name !== 'sums')).toEqual([]);
      rmSync(join(folder, 'sums', 'noise.bin'));
      await pack.getByRole('button', { name: 'Start anew' }).click();
      await expect(pack.getByRole('region', { name: 'The crate' })).toBeVisible({
        timeout: LONG
      });
      expect(existsSync(join(folder, 'sums.crate.zip'))).toBe(true);
    }
  );
});

test('a kernel that is not there is a cause in the verdict, not a broken page', async ({
  page,
  folder
}) => {
  const cells = [code('print(1 + 1)', printed('2\n'))];
  write(join(folder, 'lonely'), {
    'CITATION.cff': CITATION,
    'sums.ipynb': notebook(cells, 'no-such-kernel', 'klingon')
  });
  const study = await packageFolder(page, 'lonely');
  const scan = await scanned(study);
  await expect(scan.getByRole('region', { name: 'Notebooks' })).toContainText('klingon');
  const verify = await goTo(study, 'verify');
  await verify.getByRole('button', { name: 'Check by running' }).click();
  const verdict = verify.getByRole('region', { name: 'Verdict' });
  await expect(verdict).toContainText('kernel', { timeout: LONG });
  await expect(
    verdict.locator('[data-of="failed"], [data-of="not restored"]').first()
  ).toBeVisible();
});

test('a page that is loaded again in the middle of a job goes on with it', async ({
  page,
  folder
}) => {
  writeSlow(join(folder, 'slow'), 10);
  const study = await packageFolder(page, 'slow');
  await scanned(study);
  const verify = await verifyHere(study);
  await expect(verify.locator('[data-state="running"]')).toContainText(/cell \d/, {
    timeout: LONG
  });
  await page.reload();
  const again = page.locator('.jp-recrate-Pack-body[data-step="verify"]');
  await expect(again).toBeVisible({ timeout: LONG });
  await expect(again.getByRole('progressbar').or(again.getByRole('region'))).toBeVisible();
  await expect(again.getByRole('region', { name: 'Verdict' })).toContainText(
    '10 of 10 outputs compared',
    { timeout: LONG }
  );
});

test('two tabs on one study: what both changed is asked about, and nothing is lost', async ({
  page,
  folder,
  tmpPath
}) => {
  writeSums(join(folder, 'sums'));
  const first = await packageFolder(page, 'sums');
  const title = 'Title (English)';
  await (await goTo(first, 'describe')).getByLabel(title).waitFor();

  const other = await page.context().newPage();
  await other.goto(`/lab/workspaces/second/tree/${tmpPath}?reset`);
  const second = await packageFolder(other, 'sums');
  const theirs = await goTo(second, 'describe');
  await theirs.getByLabel(title).fill('From the second tab');
  await expect(second.locator('[data-keeping="kept"]')).toContainText('Kept in');

  const mine = await goTo(first, 'describe');
  await mine.getByLabel(title).fill('From the first tab');
  const clash = first.locator('[data-bar="clash"]');
  await expect(clash).toContainText(title);
  await clash.getByRole('button', { name: 'Take what is on the disk' }).click();
  await expect(mine.getByLabel(title)).toHaveValue('From the second tab');

  await (await goTo(second, 'pack')).getByRole('button', { name: 'Pack', exact: true }).click();
  await expect(second.getByRole('region', { name: 'The crate' })).toBeVisible({ timeout: LONG });
  await page.sidebar.openTab('recrate-panel');
  const runs = page.locator('#recrate-panel').getByRole('list', { name: 'Runs' });
  await expect(runs.getByRole('listitem').first()).toContainText('Pack', { timeout: LONG });
  await other.close();
});
