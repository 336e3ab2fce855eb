/** Sentences of campaigns that the server writes, for `sentences.ts`. */
import type { TranslationBundle } from '@jupyterlab/translation';

type Words = TranslationBundle;

const MARK = 'identical|equivalent|ran|different|failed|not restored|broken|given up';

/** Return how tasks of a campaign ended, as it stands behind a number. */
export function markWord(trans: Words, mark: string): string {
  const words = new Map([
    ['identical', trans.__('identical')],
    ['equivalent', trans.__('equivalent')],
    ['ran', trans.__('ran to the end')],
    ['different', trans.__('different')],
    ['failed', trans.__('failed')],
    ['not restored', trans.__('not restored')],
    ['broken', trans.__('broken')],
    ['given up', trans.__('given up')]
  ]);
  return words.get(mark) ?? mark;
}

export const CAMPAIGN: ((t: Words) => string)[] = [
  t => t.__('names no list that can be fetched'),
  t => t.__('no campaigns are begun from a session'),
  t => t.__('no crates are sent to other machines from a session'),
  t => t.__("a stranger's notebooks are open here: do it in a JupyterLab of your own"),
  t => t.__('there is no such runner here'),
  t => t.__('there is nothing in the list')
];

export const CAMPAIGN_PATTERNS: [RegExp, (t: Words, found: string[]) => string][] = [
  [
    /^(\S+): (\d+) workers(?:, (\d+) waiting in the queue)?$/,
    (t, [name, workers, waiting]) =>
      waiting
        ? t.__('%1: %2 at work, %3 waiting in the queue', name, workers, waiting)
        : t.__('%1: %2 at work', name, workers)
  ],
  [
    new RegExp(`^(\\d+ (?:${MARK})(?:, \\d+ (?:${MARK}))*)$`),
    (t, [all]) =>
      (all ?? '')
        .split(', ')
        .map(part => {
          const [, count = '', mark = ''] = /^(\d+) (.+)$/.exec(part) ?? [];
          return t.__('%1 %2', count, markWord(t, mark));
        })
        .join(' · ')
  ]
];
