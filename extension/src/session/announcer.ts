import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { coverageWords, verdictWord, type Words } from '../words';
import type { NotebookMarks } from './marks';
import type { SessionModel } from './model';
import type { IOutcome, Runner } from './runner';
import { sumOf, tallyOf, verdictOf } from './tally';
import { markWords } from './words';

const GATHER_MILLISECONDS = 1200;

/** What is said aloud: a cell that was run by hand, several at once in one sentence, a run at its end. */
export class Announcer implements IDisposable {
  constructor(
    private readonly _model: SessionModel,
    private readonly _runner: Runner,
    private readonly _trans: Words
  ) {
    _model.judged.connect(this._onJudged, this);
    _runner.ended.connect(this._onEnded, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The last thing that was said. */
  get text(): string {
    return this._text;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    clearTimeout(this._timer);
    Signal.clearData(this);
  }

  private _onJudged(_: unknown, { marks, id }: { marks: NotebookMarks; id: string }): void {
    if (this._runner.running) {
      return;
    }
    this._gathered.set(`${marks.path}#${id}`, { marks, id });
    this._timer ??= setTimeout(() => {
      this._timer = undefined;
      const cells = [...this._gathered.values()];
      this._gathered.clear();
      this._say(this._cells(cells));
    }, GATHER_MILLISECONDS);
  }

  private _cells(cells: readonly { marks: NotebookMarks; id: string }[]): string {
    const trans = this._trans;
    const said = cells.map(({ marks, id }) => ({
      number: marks.order.indexOf(id) + 1,
      said: markWords(trans, marks.get(id))
    }));
    const [only] = said;
    if (said.length === 1 && only?.said) {
      const { word, reason } = only.said;
      return trans.__('Code cell %1: %2', only.number, [word, reason].filter(Boolean).join('. '));
    }
    const counts = new Map<string, number>();
    said.forEach(
      one => one.said && counts.set(one.said.word, (counts.get(one.said.word) ?? 0) + 1)
    );
    return [
      trans._n('%1 cell compared', '%1 cells compared', said.length),
      ...[...counts].map(([word, count]) => trans.__('%1: %2', word, count))
    ].join('. ');
  }

  private _onEnded(_: unknown, outcome: IOutcome): void {
    const trans = this._trans;
    const tallies = outcome.paths.flatMap(path => this._model.marksOf(path) ?? []).map(tallyOf);
    const sum = sumOf(tallies);
    const verdict = verdictOf(sum);
    this._say(
      [
        outcome.problem ? outcome.problem.message : trans.__('The run has ended'),
        verdict && verdictWord(trans, verdict),
        coverageWords(trans, sum.coverage)
      ]
        .filter(Boolean)
        .join('. ')
    );
  }

  private _say(text: string): void {
    this._text = text;
    this._changed.emit();
  }

  private _text = '';
  private _isDisposed = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _gathered = new Map<string, { marks: NotebookMarks; id: string }>();
  private readonly _changed = new Signal<this, void>(this);
}
