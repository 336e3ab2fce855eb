import React from 'react';

import type { CellJudged } from '../api';
import { visible } from '../crate/model';
import type { IGround } from '../review/pages';
import type { IRecrate } from '../tokens';
import {
  Button,
  classes,
  ProblemBox,
  RoomWidget,
  SandboxedPage,
  Shape,
  useAsk,
  useSignal,
  useWatched,
  Waiting
} from '../ui';
import { isJapanese, problemWords, useWords, type Words } from '../words';
import type { NotebookMarks } from './marks';
import { markWords } from './words';

export interface IMarkProps {
  marks: NotebookMarks;
  /** The id of the cell. */
  id: string;
  ground: IGround;
}

/** Under a code cell: how it compares with what was recorded, and both beside each other. */
export function Mark(props: IMarkProps): React.ReactElement | null {
  const trans = useWords();
  const { marks, id } = props;
  useWatched(marks.changed, said => said === id);
  const mark = marks.get(id);
  const said = markWords(trans, mark);
  if (!said) {
    return null;
  }
  const { judged, state } = mark;
  const isStale = judged !== null && state !== 'judged';
  const problem = mark.problem && problemWords(trans, mark.problem);
  return (
    <div
      className={classes('jp-recrate-Mark', isStale && 'jp-mod-stale')}
      role="group"
      aria-label={trans.__('Compared with what was recorded')}
      data-state={state}
      data-sign={said.sign}
    >
      <div className="jp-recrate-Mark-line">
        <Shape of={said.sign} spin={said.sign === 'running'} />
        <span className="jp-recrate-Mark-word">{said.word}</span>
        <span className="jp-recrate-Mark-reason">
          {problem ? visible(`${problem.message} ${problem.hint}`) : said.reason}
        </span>
        {state === 'problem' && (
          <Button look="quiet" onClick={() => marks.again(id)}>
            {trans.__('Try again')}
          </Button>
        )}
        {judged && hasBeside(judged) && (
          <Button look="quiet" expanded={mark.open} onClick={() => marks.toggle(id)}>
            {trans.__('Expected beside yours')}
          </Button>
        )}
      </div>
      {mark.open && judged && hasBeside(judged) && <Beside {...props} />}
    </div>
  );
}

/** Whether there is anything on either side. */
function hasBeside(judged: CellJudged): boolean {
  return judged.known && (judged.recorded_outputs > 0 || judged.outputs.length > 0);
}

/** Recorded beside fresh: strangers' HTML, so in a frame without scripts. */
function Beside({ marks, id, ground }: IMarkProps): React.ReactElement {
  const trans = useWords();
  useSignal(ground.changed);
  const { theme } = ground;
  const language = isJapanese() ? 'ja' : 'en';
  const { judged, state } = marks.get(id);
  const page = useAsk(() => marks.beside(id, { theme, language }), [judged, theme, language]);
  if (page.problem) {
    return <ProblemBox problem={page.problem} onRetry={page.again} busy={page.busy} />;
  }
  if (page.value === null) {
    return <Waiting>{trans.__('Fetching the output…')}</Waiting>;
  }
  return (
    <div className="jp-recrate-Mark-beside" aria-busy={state !== 'judged' || page.busy}>
      <SandboxedPage
        html={page.value}
        title={trans.__('Expected beside yours')}
        mode="still"
        minHeight={80}
        maxHeight={4000}
      />
    </div>
  );
}

/** The mark as a part of its cell; no key pressed in it means a command of the notebook. */
export class MarkWidget extends RoomWidget {
  constructor(
    recrate: IRecrate,
    trans: Words,
    private readonly _props: IMarkProps
  ) {
    super(recrate, trans);
    this.addClass('jp-recrate-MarkRoom');
    this.node.dataset['lmSuppressShortcuts'] = 'true';
  }

  protected override draw(): React.ReactElement {
    return <Mark {...this._props} />;
  }
}
