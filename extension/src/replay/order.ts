import type { OutputJudgement } from '../api';

/** The verdicts of outputs, those first that say that the study holds. */
export const OUTPUT_ORDER: readonly OutputJudgement[] = [
  'identical',
  'equivalent',
  'different',
  'missing',
  'added',
  'unstable',
  'waived',
  'skipped'
];
