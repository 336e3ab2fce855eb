import type { Page } from '@playwright/test';
import { join } from 'path';

import { expect, goTo, packageFolder, scanned, test, verifyHere, type LabPage, LONG } from './lab';
import { code, displayed, markdown, notebook, printed, write } from './studies';
import { openCrate } from './walk';

/** Set in whatever window a script of the study gets to run in, and asked for over the net. */
const STRIKE = "window.canary=1;try{top.canary=1}catch(e){};fetch('/canary-fetch')";
const TAG = `<img src="/canary-img" onerror="${STRIKE}"><script>${STRIKE}</script>`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="${STRIKE}" width="9" height="9"><script>${STRIKE}</script><foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml">${TAG}</body></foreignObject></svg>`;
const LINK = `<a href="javascript:${STRIKE}">a link that acts</a><iframe srcdoc="${TAG.replace(/"/g, '&quot;')}"></iframe><form action="javascript:${STRIKE}"><button>press</button></form>`;
const NAME = `<img src=x onerror=top.canary=1>.ipynb`;
function writeHostile(folder: string): void {
  const cells = [
    markdown(`# Title ${TAG}\n[a link](javascript:${STRIKE})\n${LINK}`),
    code(
      'from IPython.display import HTML, display; display(HTML("<b>other</b>"))',
      displayed({ 'text/html': `${TAG}${LINK}`, 'text/plain': TAG })
    ),
    code(
      'from IPython.display import SVG, display; display(SVG("<svg xmlns=\'http://www.w3.org/2000/svg\'/>"))',
      displayed({ 'image/svg+xml': SVG, 'text/plain': TAG })
    ),
    code(
      'from IPython.display import Markdown, display; display(Markdown("*other*"))',
      displayed({ 'text/markdown': `${TAG} [x](javascript:${STRIKE})`, 'text/plain': TAG })
    ),
    code(
      'from IPython.display import Javascript, display; display(Javascript("1"))',
      displayed({ 'application/javascript': STRIKE, 'text/plain': TAG })
    ),
    code(`print("""${TAG}""")  # ${TAG}`, printed(`\u001b[31m${TAG}\n`))
  ];
  write(folder, {
    [NAME]: notebook(cells),
    'CITATION.cff': [
      'cff-version: 1.2.0',
      'message: cite',
      `title: ${JSON.stringify(`Hostile ${TAG}`)}`,
      `abstract: ${JSON.stringify(`${TAG} ${LINK}`)}`,
      `authors: [{ name: ${JSON.stringify(TAG)}, website: ${JSON.stringify(`javascript:${STRIKE}`)} }]`,
      `url: ${JSON.stringify(`javascript:${STRIKE}`)}`,
      'license: MIT'
    ].join('\n'),
    [`data/${NAME}.csv`]: '1,2\n'
  });
}

/** Watches for a strike: in any frame, over the net, or as a dialog. */
class Watch {
  constructor(private readonly _page: Page) {
    _page.on('request', request => {
      if (new URL(request.url()).pathname.includes('canary')) {
        this._struck.push(request.url());
      }
    });
    _page.on('dialog', dialog => {
      this._struck.push(dialog.message());
      void dialog.dismiss();
    });
    _page.on('popup', popup => this._struck.push(popup.url()));
  }

  /** Every frame is asked, also those in which no script may run. */
  async expectNothing(where: string): Promise<void> {
    for (const frame of this._page.frames()) {
      const struck = await frame
        .evaluate(() => (window as { canary?: number }).canary ?? 0)
        .catch(error => String(error));
      expect(struck, `${where}: ${frame.url()}`).toBe(0);
    }
    expect(this._struck, where).toEqual([]);
  }

  private readonly _struck: string[] = [];
}

/** Look at every output of a run, and press what can be pressed in it. */
async function reviewAll(page: LabPage, watch: Watch): Promise<void> {
  const review = page.locator('.jp-recrate-Review');
  const rows = review.getByRole('list', { name: 'Outputs' }).getByRole('listitem');
  await expect(rows.first()).toBeVisible();
  const count = await rows.count();
  expect(count).toBeGreaterThanOrEqual(5);
  for (let at = 0; at < count; at += 1) {
    await rows.nth(at).getByRole('button').click();
    const shown = review.locator('.jp-recrate-Review-page:not(.jp-mod-old) iframe');
    await expect(shown).toBeVisible();
    const frame = shown.contentFrame();
    for (const link of await frame.locator('a').all()) {
      await link.click({ force: true, timeout: 2000 }).catch(() => undefined);
    }
    await watch.expectNothing(`output ${at}`);
  }
}

test('what the hostile study holds does strike where nobody stands in its way', async ({
  page
}) => {
  const open = await page.context().newPage();
  await open.setContent(TAG);
  await open.waitForFunction(() => (window as { canary?: number }).canary === 1);
  await open.close();
});

test('a hostile study acts nowhere: scan, description, review, report, crate, runs', async ({
  page,
  folder
}) => {
  const watch = new Watch(page);
  writeHostile(join(folder, 'hostile'));
  const study = await packageFolder(page, 'hostile');
  const scan = await scanned(study);
  await expect(scan.getByRole('region', { name: 'Notebooks' })).toContainText(NAME);
  await watch.expectNothing('scan');
  await (await goTo(study, 'describe')).getByLabel('Title (English)').waitFor();
  await watch.expectNothing('description');

  const verify = await verifyHere(study);
  const verdict = verify.getByRole('region', { name: 'Verdict' });
  await expect(verdict).toBeVisible({ timeout: LONG });
  await watch.expectNothing('verdict');
  await verdict.getByRole('button', { name: 'Review outputs' }).click();
  await reviewAll(page, watch);
  await page.locator('.jp-recrate-Review').getByRole('button', { name: 'Open report' }).click();
  const report = page.frameLocator('iframe[title^="Report"]');
  await expect(report.locator('body')).toContainText('onerror', { timeout: LONG });
  await watch.expectNothing('report');

  await page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab', { hasText: 'Package' }).click();
  const pack = await goTo(study, 'pack');
  await pack.getByRole('button', { name: 'Pack', exact: true }).click();
  await expect(pack.getByRole('region', { name: 'The crate' })).toBeVisible({ timeout: LONG });
  const crate = await openCrate(page, 'hostile.crate.zip');
  for (const tab of ['Overview', 'Contents', 'Environment', 'Metadata', 'Findings', 'Verdicts']) {
    await crate.getByRole('tab', { name: tab }).click();
    await watch.expectNothing(`crate: ${tab}`);
  }
  await page.sidebar.openTab('recrate-panel');
  await watch.expectNothing('runs');
});

test('a name that turns the direction of writing is shown so that it is seen, and refused', async ({
  page,
  folder
}) => {
  const cells = notebook([code('print(1)', printed('2\n'))]);
  write(join(folder, 'turned'), { 'gnp\u202etxt.ipynb': cells });
  const study = await packageFolder(page, 'turned');
  await scanned(study);
  const verify = await verifyHere(study);
  await expect(verify.locator('.jp-recrate-Problem')).toContainText('control character', {
    timeout: LONG
  });
  expect(await verify.textContent()).not.toContain('\u202e');
  expect(await (await goTo(study, 'scan')).textContent()).not.toContain('\u202e');
});
