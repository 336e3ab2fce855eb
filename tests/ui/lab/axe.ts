import type { Page } from '@playwright/test';
import { readFileSync } from 'fs';

import { expect } from './lab';

const SOURCE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface IFound {
  violations: IViolation[];
  passes: unknown[];
}

interface IViolation {
  id: string;
  impact: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** Nothing serious or critical inside an element, by axe-core. */
export async function expectAccessible(page: Page, selector: string, where: string): Promise<void> {
  await page.evaluate(source => {
    if (!('axe' in window)) {
      (0, eval)(source);
    }
  }, SOURCE);
  const found = await page.evaluate(async context => {
    const { axe } = window as unknown as {
      axe: { run: (context: unknown, options: unknown) => Promise<IFound> };
    };
    const { violations, passes } = await axe.run(context, { iframes: false });
    if (passes.length < 5) {
      throw new Error(`axe looked at nothing in ${context}`);
    }
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, nodes }) => ({
        id,
        impact,
        nodes: nodes.slice(0, 4).map(node => `${node.target.join(' ')}: ${node.failureSummary}`)
      }));
  }, selector);
  expect.soft(found, where).toEqual([]);
}
