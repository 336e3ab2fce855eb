import { Notification } from '@jupyterlab/apputils';

import type { Problem } from '../api';
import { problemWords, type Words } from '../words';

/** Tell of what failed in the background, or where there is no room for a `ProblemBox`. */
export function tellProblem(trans: Words, problem: Problem): void {
  const { message, hint } = problemWords(trans, problem);
  Notification.error([message, hint].filter(Boolean).join(' '), { autoClose: false });
}
