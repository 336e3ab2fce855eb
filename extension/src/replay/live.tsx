import React from 'react';

import type { Progress } from '../api';
import { visible } from '../crate/model';
import { liveNotebooks, type ILiveNotebook } from './running';
import { Shape } from '../ui';
import { useWords, type Words } from '../words';

/** Each notebook of a run while it goes: waits, begins, at which cell, has run. */
export function LiveNotebooks(props: {
  /** In the order in which they run. */
  paths: readonly string[];
  progress: Progress | null;
}): React.ReactElement | null {
  const trans = useWords();
  const rows = liveNotebooks(props.paths, props.progress);
  if (rows.length === 0) {
    return null;
  }
  return (
    <ul className="jp-recrate-Played-live" aria-label={trans.__('Notebooks')}>
      {rows.map(row => (
        <li
          key={row.path}
          data-state={row.state}
          aria-current={row.state === 'running' || undefined}
        >
          <Shape
            of={row.state === 'waiting' ? 'queued' : row.state}
            spin={row.state === 'running'}
          />
          <span className="jp-recrate-Played-path">{visible(row.path)}</span>
          <progress
            max={row.cells || 1}
            value={row.state === 'done' ? row.cells || 1 : Math.max(0, row.cell - 1)}
            aria-hidden="true"
          />
          <span className="jp-recrate-Played-state">{stateWords(trans, row)}</span>
        </li>
      ))}
    </ul>
  );
}

function stateWords(trans: Words, row: ILiveNotebook): string {
  switch (row.state) {
    case 'done':
      return trans.__('has run');
    case 'waiting':
      return trans.__('waits');
    default:
      return row.cells ? trans.__('cell %1 of %2', row.cell, row.cells) : trans.__('begins');
  }
}
