/** What a session says in English: how it was run, what was left out; see `sentences.ts`. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Pattern } from './sentence_patterns';

export const SESSION: ((t: TranslationBundle) => string)[] = [
  t => t.__('no kernel was started for this notebook'),
  t => t.__('choose a kernel at the top right of the notebook'),
  t => t.__('this notebook cannot be opened'),
  t => t.__('no notebook was run in this session'),
  t => t.__('run the notebooks, save them, and send the review again'),
  t => t.__('this notebook is not among the published ones')
];

export const SESSION_PATTERNS: Pattern[] = [
  [
    /^no longer in the session, left out: (.+)$/,
    (t, [a]) => t.__('no longer in the session, left out: %1', a)
  ],
  [
    /^too large to be judged, left out: (.+)$/,
    (t, [a]) => t.__('too large to be judged, left out: %1', a)
  ],
  [
    /^cannot be read as a notebook, left out: (.+)$/,
    (t, [a]) => t.__('cannot be read as a notebook, left out: %1', a)
  ],
  [
    /^not run by the reviewer, left out: (.+)$/,
    (t, [a]) => t.__('not run by the reviewer, left out: %1', a)
  ],
  [
    /^added and run by the reviewer: (\d+) cells?$/,
    (t, [a]) =>
      t._n(
        'added and run by the reviewer: %1 cell',
        'added and run by the reviewer: %1 cells',
        Number(a)
      )
  ],
  [
    /^run out of order: cell (\d+) as number (\d+), cell (\d+) as (\d+)$/,
    (t, [a, b, c, d]) =>
      t.__('run out of order: cell %1 as number %2, cell %3 as number %4', a, b, c, d)
  ],
  [
    /^changed by the reviewer, not judged: cells ([^]+)$/,
    (t, [a]) => t.__('changed by the reviewer, not judged: cells %1', a)
  ],
  [
    /^deleted by the reviewer, not judged: cells ([^]+)$/,
    (t, [a]) => t.__('deleted by the reviewer, not judged: cells %1', a)
  ],
  [
    /^not run by the reviewer, not judged: cells ([^]+)$/,
    (t, [a]) => t.__('not run by the reviewer, not judged: cells %1', a)
  ],
  [
    /^last run with another source, not judged: cells ([^]+)$/,
    (t, [a]) => t.__('last run with another source, not judged: cells %1', a)
  ],
  [
    /^run, but not saved afterwards, not judged: cells ([^]+)$/,
    (t, [a]) => t.__('run, but not saved afterwards, not judged: cells %1', a)
  ]
];
