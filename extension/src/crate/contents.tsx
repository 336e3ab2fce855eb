import { fileIcon, folderIcon, notebookIcon } from '@jupyterlab/ui-components';
import React, { useCallback, useMemo, useState } from 'react';

import type { CrateOverview } from '../api';
import { WindowedList } from '../ui';
import { accessWord, sizeWords, useWords } from '../words';
import { contentsRows, visible, type IContentsRow } from './model';
import { Reference } from './overview';

const keyOf = (row: IContentsRow): string => row.path;

/** The files of a crate as a tree, and the data it names without holding them. */
export function Contents({ crate }: { crate: CrateOverview }): React.ReactElement {
  const trans = useWords();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => contentsRows(crate.files, crate.notebooks, closed), [crate, closed]);
  const toggle = useCallback((row: IContentsRow) => {
    if (row.isFolder) {
      setClosed(before => toggled(before, row.path));
    }
  }, []);
  const itemAt = useCallback((index: number) => rows[index], [rows]);
  const more = (crate.files_total ?? crate.files.length) - crate.files.length;
  return (
    <div className="jp-recrate-CrateContents">
      {crate.references.length > 0 && <References crate={crate} />}
      <div className="jp-recrate-CrateContents-list">
        <WindowedList
          label={trans.__('Files of the crate')}
          total={rows.length}
          itemAt={itemAt}
          keyOf={keyOf}
          rowHeight={26}
          onActivate={toggle}
          renderRow={(row, _, focused) => (
            <FileRow
              row={row}
              isClosed={closed.has(row.path)}
              focused={focused}
              onToggle={() => toggle(row)}
            />
          )}
        />
      </div>
      {more > 0 && (
        <p className="jp-recrate-quiet jp-recrate-Pad">
          {trans._n('and %1 more file', 'and %1 more files', more)}
        </p>
      )}
    </div>
  );
}

function toggled(before: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const after = new Set(before);
  if (!after.delete(path)) {
    after.add(path);
  }
  return after;
}

function FileRow(props: {
  row: IContentsRow;
  isClosed: boolean;
  focused: boolean;
  onToggle: () => void;
}): React.ReactElement {
  const trans = useWords();
  const { row, isClosed } = props;
  const Icon = row.isFolder ? folderIcon : row.isNotebook ? notebookIcon : fileIcon;
  const name = visible(row.name);
  return (
    <div className="jp-recrate-CrateFile" style={{ paddingInlineStart: row.depth * 20 }}>
      <Icon.react tag="span" className="jp-recrate-CrateFile-icon" aria-hidden="true" />
      {row.isFolder ? (
        <button
          type="button"
          className="jp-recrate-CrateFile-folder"
          aria-expanded={!isClosed}
          tabIndex={props.focused ? 0 : -1}
          title={isClosed ? trans.__('Show what is in this folder') : trans.__('Fold this folder')}
          onClick={props.onToggle}
        >
          {name}/
        </button>
      ) : (
        <span className="jp-recrate-CrateFile-name" title={visible(row.path)}>
          {name}
        </span>
      )}
      <span className="jp-recrate-CrateFile-type">{visible(row.mediaType)}</span>
      <span className="jp-recrate-CrateFile-size">{sizeWords(row.bytes)}</span>
    </div>
  );
}

/** Data that are named by checksum and fetched before a replay, or held back on conditions. */
function References({ crate }: { crate: CrateOverview }): React.ReactElement {
  const trans = useWords();
  return (
    <section className="jp-recrate-Pad">
      <h2>{trans.__('Data references')}</h2>
      <ul className="jp-recrate-CrateReferences">
        {crate.references.map(one => (
          <li key={one.path}>
            <code>{visible(one.path)}</code> ({sizeWords(one.size_bytes)}){' '}
            {one.url && <Reference address={one.url} text={one.url} />}{' '}
            {isLevel(one.access) && <em>{accessWord(trans, one.access)}</em>}{' '}
            {one.conditions && visible(one.conditions)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function isLevel(
  access: string | null | undefined
): access is 'open' | 'shared' | 'closed' | 'embargoed' {
  return ['open', 'shared', 'closed', 'embargoed'].includes(access ?? '');
}
