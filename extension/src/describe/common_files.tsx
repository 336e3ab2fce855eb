import React from 'react';

import { Button, Combobox } from '../ui';
import { useWords } from '../words';
import type { Item } from './common_model';
import type { IRecord } from './common_fields';
import { useGoTo } from './focus';
import { useForm } from './form';
import { replaced, without } from './model';
import { useSome } from './some';

const OFFERED = 50;

/** Which files of the study are this data set; none means all of them. */
export function FilesOfData(props: {
  of: IRecord<Item>;
  files: readonly string[];
}): React.ReactElement {
  const trans = useWords();
  const { complaintAt } = useForm();
  const { of } = props;
  const { files } = of.value;
  const { box, goTo } = useGoTo();
  const some = useSome(files.length);
  const put = (next: string[], wanted: string): void => {
    goTo(wanted);
    if (next.length > files.length) {
      some.upTo(next.length);
    }
    of.put({ files: next });
  };
  return (
    <div
      ref={box}
      role="group"
      className="jp-recrate-Common-Files"
      aria-label={trans.__('Files of this data set')}
    >
      <h4>{trans.__('Files of this data set')}</h4>
      <p className="jp-recrate-quiet">
        {files.length
          ? trans.__('Only these files and folders are this data set.')
          : trans.__('No file is named: all files of the study are this data set.')}
      </p>
      {files.slice(0, some.shown).map((path, at) => (
        <div key={at} data-row={at} className="jp-recrate-Common-File">
          <Combobox
            label={trans.__('File or folder')}
            value={path}
            onChange={next => of.put({ files: replaced(files, at, next) })}
            find={async typed => offered(props.files, typed)}
            {...complaintAt(`${of.here}.files.${at}`)}
          />
          <Button
            look="quiet"
            label={trans.__('Remove %1', path || at + 1)}
            onClick={() => put(without(files, at), '[data-add] button')}
          >
            {trans.__('Remove')}
          </Button>
        </div>
      ))}
      {some.more}
      <div className="jp-recrate-Actions" data-add>
        <Button onClick={() => put([...files, ''], `[data-row="${files.length}"] input`)}>
          {trans.__('Name a file or folder')}
        </Button>
      </div>
    </div>
  );
}

function offered(files: readonly string[], typed: string): { value: string; label: string }[] {
  return files
    .filter(file => file.toLowerCase().includes(typed.toLowerCase()))
    .slice(0, OFFERED)
    .map(file => ({ value: file.replace(/\/$/, ''), label: file }));
}
