import React from 'react';

import { visible } from '../crate/model';
import { Button } from '../ui';
import { useWords } from '../words';
import type { IRunning } from './runner';

/** How far a run is, and the way to stop it. */
export function Going(props: { running: IRunning; onStop: () => void }): React.ReactElement {
  const trans = useWords();
  const { running, onStop } = props;
  const { paths, at, done, cells } = running;
  const percent = cells > 0 ? Math.round((100 * done) / cells) : 0;
  const stage = trans.__('Running %1', visible(paths[at] ?? ''));
  const count = trans.__('Code cell %1 of %2', Math.min(done + 1, cells), cells);
  return (
    <div className="jp-recrate-Progress">
      <div className="jp-recrate-Progress-head">
        <span className="jp-recrate-Progress-stage">{stage}</span>
        {paths.length > 1 && (
          <span className="jp-recrate-Progress-count">
            {trans.__('%1 of %2', at + 1, paths.length)}
          </span>
        )}
      </div>
      <div className="jp-recrate-Progress-line">
        <div
          className="jp-recrate-Progress-bar"
          role="progressbar"
          aria-label={stage}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
          aria-valuetext={count}
        >
          <div style={{ width: `${percent}%` }} />
        </div>
        <Button busy={running.isStopping} onClick={onStop}>
          {trans.__('Stop')}
        </Button>
      </div>
      <div className="jp-recrate-Progress-foot">
        <span>{cells > 0 ? count : trans.__('Starting a fresh kernel…')}</span>
      </div>
    </div>
  );
}
