/** What was seen of a notebook so far, counted. Pure. */
import type { Coverage, Judgement } from '../api';
import type { IMark } from './marks';

/** A cell that did not give what was recorded. */
export interface IDifference {
  id: string;
  /** Its place among the code cells, from 1. */
  number: number;
  mark: IMark;
}

export interface ITally {
  coverage: Coverage;
  /** Code cells: all, those that were run here, those that failed. */
  cells: number;
  run: number;
  failed: number;
  /** Cells with recorded outputs that were not run. */
  unrun: number;
  /** Cells that are not judged: their code is not the published one, or they are the person's own. */
  changed: number;
  added: number;
  /** Cells that run or are being compared, and those that could not be compared. */
  pending: number;
  problems: number;
  differences: IDifference[];
}

interface IMarked {
  readonly order: readonly string[];
  get(id: string): IMark;
}

export const NO_COVERAGE: Coverage = {
  outputs: 0,
  compared: 0,
  identical: 0,
  equivalent: 0,
  different: 0,
  missing: 0,
  added: 0,
  unstable: 0,
  skipped: 0,
  waived: 0
};

const COMPARED = ['identical', 'equivalent', 'different', 'missing', 'unstable'] as const;

export function tallyOf(marks: IMarked): ITally {
  const tally: ITally = {
    coverage: { ...NO_COVERAGE },
    cells: 0,
    run: 0,
    failed: 0,
    unrun: 0,
    changed: 0,
    added: 0,
    pending: 0,
    problems: 0,
    differences: []
  };
  marks.order.forEach((id, at) => count(tally, marks.get(id), id, at + 1));
  return tally;
}

function count(tally: ITally, mark: IMark, id: string, number: number): void {
  tally.cells += 1;
  if (mark.state !== 'judged' || !mark.judged) {
    tally.coverage.outputs += mark.recorded;
    tally.pending += Number(mark.state === 'running' || mark.state === 'comparing');
    tally.problems += Number(mark.state === 'problem');
    tally.unrun += Number(mark.state === 'recorded' && mark.recorded > 0);
    return;
  }
  tally.run += 1;
  const { judged } = mark;
  if (!judged.known || judged.changed || mark.edited) {
    tally.added += Number(!judged.known);
    tally.changed += Number(judged.known);
    tally.coverage.outputs += judged.recorded_outputs;
    return;
  }
  countOutputs(tally.coverage, mark);
  tally.failed += Number(judged.verdict === 'failed');
  if (judged.verdict === 'failed' || judged.verdict === 'different') {
    tally.differences.push({ id, number, mark });
  }
}

function countOutputs(coverage: Coverage, { judged, varies }: IMark): void {
  for (const { index, verdict } of judged?.outputs ?? []) {
    const isUnstable = verdict === 'different' && varies.includes(index);
    coverage[isUnstable ? 'unstable' : verdict] += 1;
    coverage.outputs += Number(verdict !== 'added');
    coverage.compared += Number((COMPARED as readonly string[]).includes(verdict));
  }
}

/** Add the tallies of several notebooks up. */
export function sumOf(tallies: readonly ITally[]): ITally {
  const sum = tallyOf({ order: [], get: () => ({}) as IMark });
  for (const one of tallies) {
    for (const name of Object.keys(sum.coverage) as (keyof Coverage)[]) {
      sum.coverage[name] += one.coverage[name];
    }
    for (const name of ['cells', 'run', 'failed', 'unrun', 'changed', 'added'] as const) {
      sum[name] += one[name];
    }
    sum.pending += one.pending;
    sum.problems += one.problems;
    sum.differences.push(...one.differences);
  }
  return sum;
}

/**
 * Return what the counts amount to, by the rule of a replay's verdict; null while nothing was run.
 *
 * What differs between the person's own runs, too, is unstable and lowers nothing.
 */
export function verdictOf(tally: ITally): Judgement | null {
  const { coverage } = tally;
  if (tally.run === 0) {
    return null;
  }
  if (tally.failed > 0) {
    return 'failed';
  }
  if (coverage.different > 0 || coverage.missing > 0) {
    return 'different';
  }
  if (coverage.equivalent > 0) {
    return 'equivalent';
  }
  return coverage.identical > 0 ? 'identical' : 'ran';
}

/** Whether a cell's mark lowers the verdict: not all of its differences are chance. */
export function isReal({ judged, varies }: IMark): boolean {
  return (
    judged?.verdict === 'failed' ||
    !!judged?.outputs.some(
      ({ index, verdict }) =>
        verdict === 'missing' || (verdict === 'different' && !varies.includes(index))
    )
  );
}
