import type { Locator, Page } from '@playwright/test';
import { execFileSync, spawn } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { createInterface } from 'readline';

import { expectAccessible } from './axe';
import { at, expect, goTo, ownTest, packageFolder, scanned, test } from './lab';
import { writeSums } from './studies';
import { pack } from './walk';
import { catalogue, english } from './words';

const SWITCH = 'Fill in the common metadata items for publicly funded research data';

async function describing(page: Page, folder: string): Promise<Locator> {
  writeSums(join(folder, 'sums'));
  const study = await packageFolder(page, 'sums');
  await scanned(study);
  await goTo(study, 'describe');
  return study;
}

/** The group of a data set, opened. */
async function opened(part: Locator, title: string): Promise<Locator> {
  const group = part.locator('.jp-recrate-Disclosure').filter({ hasText: title }).last();
  const head = group.locator('button[aria-expanded]').first();
  if ((await head.getAttribute('aria-expanded')) === 'false') {
    await head.click();
  }
  return group;
}

async function kept(study: Locator): Promise<void> {
  await expect(study.locator('[data-keeping="kept"]')).toContainText('ro-crate-metadata.json');
}

/** The metadata document of a packed crate. */
function metadataOf(crate: string): { '@graph': Record<string, unknown>[] } {
  const read = 'import sys, zipfile as z; print(z.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())';
  const text = execFileSync('python', ['-c', read, crate, 'ro-crate-metadata.json'], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONUTF8: '1' }
  });
  return JSON.parse(text) as { '@graph': Record<string, unknown>[] };
}

test('the common metadata items are kept over a reload, taken back, and packed as a plan', async ({
  page,
  folder
}) => {
  let study = await describing(page, folder);
  let part = study.getByRole('region', { name: 'Publicly funded research (Japan)' });
  const own = () => readFileSync(join(folder, 'sums', 'ro-crate-metadata.json'), 'utf8');

  await expect(part.getByLabel('1. Funder')).toHaveCount(0);
  await part.getByLabel(SWITCH).check();
  const item = part.locator('[data-item="0"]');
  await expect(item.getByLabel('5. Title of the data (English)')).toHaveValue(
    'Sums of small numbers'
  );
  await part.getByLabel('1. Funder').fill('science and tech');
  await page.getByRole('option', { name: /^JST/ }).click();
  await part.getByLabel('2. Japan Grant Number').fill('JPMJCR1234');
  await item.getByLabel('9. Data type').selectOption('simulation data');
  const use = await opened(item, 'Use and access');
  await use.getByLabel('12. Access rights').selectOption('open access');
  await use.getByLabel('11. Data policy: licence').selectOption({ label: 'CC BY 4.0' });
  await expectAccessible(page, '.jp-recrate-Pack', 'common metadata items');
  await kept(study);

  await part.getByLabel(SWITCH).uncheck();
  await expect(part).toContainText('removed from the study');
  await expect.poll(own).not.toContain('#CAO-DMP');
  await part.getByRole('button', { name: 'Undo' }).click();
  await expect(part.getByLabel(SWITCH)).toBeFocused();
  await expect.poll(own).toContain('#CAO-DMP');
  await kept(study);

  await page.reload();
  study = page.locator('.jp-recrate-Pack');
  await at(study, 'describe');
  part = study.getByRole('region', { name: 'Publicly funded research (Japan)' });
  await expect(part.getByLabel('1. Funder')).toHaveValue('JST');
  await expect(part.getByLabel('2. Japan Grant Number')).toHaveValue('JPMJCR1234');
  await expect(part.locator('[data-item="0"]').getByLabel('9. Data type')).toHaveValue(
    'simulation data'
  );

  await pack(study, english);
  const { '@graph': graph } = metadataOf(join(folder, 'sums.crate.zip'));
  const plan = graph.find(one => one['@id'] === '#CAO-DMP');
  expect(plan).toMatchObject({ '@type': 'DMPMetadata', hasPart: { '@id': '#dmp:1' } });
  expect(graph.find(one => one['@id'] === '#dmp:1')).toMatchObject({
    name: 'Sums of small numbers',
    accessRights: 'open access'
  });
});

test.describe('in Japanese', () => {
  test.use({
    locale: 'ja-JP',
    mockSettings: {
      '@jupyterlab/translation-extension:plugin': { locale: 'ja_JP' },
      '@jupyterlab/apputils-extension:notification': { fetchNews: 'false' }
    }
  });

  test('what is wrong and what is missing stand at their fields and are counted apart', async ({
    page,
    request,
    folder
  }) => {
    const words = await catalogue(request, 'ja_JP');
    const study = await describing(page, folder);
    const part = study.getByRole('region', { name: '公的資金による研究データ' });
    await part.getByLabel(words(SWITCH)).check();
    const number = part.getByLabel('2. 体系的番号', { exact: true });
    await expect(number).toHaveAccessibleDescription(/体系的番号がありません。/);
    await expect(number).not.toHaveAttribute('aria-invalid');
    await number.fill('JP 20H');
    await expect(number).toHaveAttribute('aria-invalid', 'true');
    await expect(number).toHaveAccessibleDescription(/体系的番号の書き方ではありません。/);
    const group = await opened(part, '資金とプロジェクト');
    await expect(group.locator('button').first()).toContainText('要修正 1 件');
    await number.fill('JP20H00001');
    await expect(group.locator('button').first()).not.toContainText('要修正');

    await part.getByRole('button', { name: words('Add a data set') }).click();
    const second = part.locator('[data-item="1"]');
    await expect(second.getByLabel('4. データ No.')).toBeFocused();
    await second.getByLabel('5. データの名称（日本語）').fill('検算');
    await second.getByRole('button', { name: /上へ移動$/ }).press('Enter');
    await expect(part.locator('[data-item="0"] h3')).toContainText('検算');
    await part
      .locator('[data-item="0"]')
      .getByRole('button', { name: /取り除く$/ })
      .click();
    await expect(part.locator('[data-item]')).toHaveCount(1);
    await page.keyboard.press('Enter');
    await expect(part.locator('[data-item="0"] h3')).toContainText('検算');
  });
});

/** A server whose registries are doubles on this machine. */
const lookTest = ownTest.extend({
  serverOptions: async ({ diskBytes: _ }, use) => {
    const doubles = spawn('python', ['registries.py'], {
      cwd: __dirname,
      stdio: ['pipe', 'pipe', 'inherit']
    });
    const base = await new Promise<string>(found =>
      createInterface(doubles.stdout).once('line', found)
    );
    await use([
      `--Lookups.orcid=${base}/orcid/`,
      `--Lookups.ror=${base}/ror/`,
      `--Locate.doi_resolver=${base}/doi/`,
      '--Web.private_hosts=127.0.0.1'
    ]);
    doubles.stdin.end();
  }
});

lookTest(
  'a person and a work are looked up by keyboard, and what is chosen is kept',
  async ({ page, folder }) => {
    const study = await describing(page, folder);
    const creators = study.getByRole('region', { name: 'Creators' });
    await creators.getByLabel('Name', { exact: true }).fill('Hanako');
    await creators.getByRole('button', { name: 'Look up this person in ORCID' }).press('Enter');
    const found = creators.getByRole('listbox', { name: 'Found in the registry' });
    await expect(found).toBeFocused();
    await expect(found.getByRole('option')).toHaveCount(2);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(creators.getByLabel('ORCID', { exact: true })).toHaveValue(
      'https://orcid.org/0000-0001-5109-3700'
    );
    await expect(creators.getByLabel('Affiliation', { exact: true })).toHaveValue(
      'Institute of Sums'
    );

    const works = study.getByRole('region', { name: 'Related works' });
    await works.getByRole('button', { name: 'Add a work' }).click();
    await works.getByLabel('DOI or web address').fill('10.5072/data');
    await works.getByRole('button', { name: 'Look up this DOI' }).click();
    await works.getByRole('option', { name: /Levels/ }).click();
    await expect(works.getByLabel('Its title')).toHaveValue('Levels');
    await expect(works.getByLabel('What it is')).toHaveValue('data');
    await kept(study);
    const own = readFileSync(join(folder, 'sums', 'ro-crate-metadata.json'), 'utf8');
    expect(own).toContain('0000-0001-5109-3700');
    expect(own).toContain('https://doi.org/10.5072/data');

    await works.getByLabel('DOI or web address').fill('tides');
    await works.getByRole('button', { name: 'Look up this DOI' }).click();
    await expect(works.getByRole('status')).toHaveText('This is no DOI');
  }
);
