import React, { useMemo, useState } from 'react';

import type { DataReference, FoundNotebook, ScanResult } from '../api';
import { Button, Select, TextInput, useDeed, WindowedList } from '../ui';
import { sizeWords, useWords } from '../words';
import { visible } from '../crate/model';
import { licenceMeaning } from '../describe/licence';
import { useSession } from './context';
import { contentsPath } from './places';

/** From this many on, a list is windowed and can be filtered. */
const MANY = 30;
const ROW = 44;
const FILES_SHOWN = 12;

/** What the study holds, as the scan saw it. */
export function Contents({ result }: { result: ScanResult }): React.ReactElement {
  return (
    <>
      <Notebooks notebooks={result.notebooks} />
      <div className="jp-recrate-Study-Columns">
        <Data result={result} />
        <Environment result={result} />
        <People result={result} />
      </div>
    </>
  );
}

function Notebooks({ notebooks }: { notebooks: readonly FoundNotebook[] }): React.ReactElement {
  const trans = useWords();
  const [typed, setTyped] = useState('');
  const shown = useMemo(() => matching(notebooks, typed), [notebooks, typed]);
  const isLong = notebooks.length > MANY;
  return (
    <section className="jp-recrate-Study-Part" aria-label={trans.__('Notebooks')}>
      <div className="jp-recrate-Study-Part-head">
        <h2>{trans.__('Notebooks, in the order in which they run')}</h2>
        {isLong && (
          <TextInput
            className="jp-recrate-Study-Filter"
            label={trans.__('Filter the notebooks')}
            placeholder={trans.__('Path, package or file')}
            value={typed}
            onChange={setTyped}
          />
        )}
      </div>
      {isLong ? (
        <div
          className="jp-recrate-Study-Tall"
          style={{ height: Math.min(420, shown.length * ROW + 2) }}
        >
          <WindowedList
            label={trans.__('Notebooks')}
            total={shown.length}
            itemAt={at => shown[at]}
            keyOf={({ notebook }) => notebook.path}
            rowHeight={ROW}
            renderRow={(row, _, focused) => <Row {...row} oneLine tabIndex={focused ? 0 : -1} />}
          />
        </div>
      ) : (
        <ol className="jp-recrate-Study-Notebooks">
          {shown.map(row => (
            <li key={row.notebook.path}>
              <Row {...row} />
            </li>
          ))}
        </ol>
      )}
      {shown.length === 0 && (
        <p className="jp-recrate-quiet">
          {typed
            ? trans.__('No notebook fits the filter.')
            : trans.__('There is no notebook here.')}
        </p>
      )}
    </section>
  );
}

interface IRow {
  notebook: FoundNotebook;
  number: number;
}

function matching(notebooks: readonly FoundNotebook[], typed: string): IRow[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return notebooks
    .map((notebook, at) => ({ notebook, number: at + 1 }))
    .filter(({ notebook: one }) => {
      const texts = [one.path, ...(one.imports ?? []), ...(one.reads ?? []), ...(one.writes ?? [])];
      const text = texts.join(' ').toLowerCase();
      return words.every(word => text.includes(word));
    });
}

function Row(props: IRow & { oneLine?: boolean; tabIndex?: number }): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { notebook, number, oneLine } = props;
  const lists: [string, readonly string[] | undefined][] = [
    [trans.__('reads'), notebook.reads],
    [trans.__('writes'), notebook.writes],
    [trans.__('fetches'), notebook.fetches],
    [trans.__('imports'), notebook.imports]
  ];
  const told = lists.filter(([, names]) => names?.length);
  return (
    <div
      className={oneLine ? 'jp-recrate-Study-Notebook jp-mod-oneline' : 'jp-recrate-Study-Notebook'}
    >
      <span className="jp-recrate-Study-Notebook-number" aria-hidden="true">
        {number}
      </span>
      <div className="jp-recrate-Study-Notebook-text">
        <div className="jp-recrate-Study-Notebook-head">
          <button
            type="button"
            className="jp-recrate-Study-Link"
            tabIndex={props.tabIndex}
            title={trans.__('Open %1', visible(notebook.path))}
            onClick={() =>
              void session.lab.goTo(contentsPath(session.path, notebook.path), null, null)
            }
          >
            {visible(notebook.path)}
          </button>
          <span className="jp-recrate-quiet">
            {trans.__(
              '%1 · %2 · %3',
              notebook.language,
              trans._n('%1 code cell', '%1 code cells', notebook.code_cells),
              trans._n('%1 output', '%1 outputs', notebook.outputs)
            )}
          </span>
        </div>
        {oneLine ? (
          <p className="jp-recrate-quiet jp-recrate-oneline">
            {told.map(([verb, names]) => `${verb} ${visible(names!.join(', '))}`).join(' · ')}
          </p>
        ) : (
          told.length > 0 && (
            <dl>
              {told.map(([verb, names]) => (
                <div key={verb}>
                  <dt>{verb}</dt>
                  <dd>{visible(names!.join(', '))}</dd>
                </div>
              ))}
            </dl>
          )
        )}
      </div>
    </div>
  );
}

function Data({ result }: { result: ScanResult }): React.ReactElement {
  const trans = useWords();
  const [isAll, setAll] = useState(false);
  const { data = [], references = [] } = result;
  const shown = isAll ? data : data.slice(0, FILES_SHOWN);
  return (
    <section className="jp-recrate-Study-Part" aria-label={trans.__('Data')}>
      <h2>{trans.__('Data')}</h2>
      {shown.length > 0 ? (
        <ul className="jp-recrate-Study-Plain">
          {shown.map(path => (
            <li key={path}>{visible(path)}</li>
          ))}
        </ul>
      ) : (
        <p className="jp-recrate-quiet">{trans.__('The notebooks read no file of the study.')}</p>
      )}
      {data.length > shown.length && (
        <Button look="quiet" onClick={() => setAll(true)}>
          {trans._n('Show %1 more', 'Show %1 more', data.length - shown.length)}
        </Button>
      )}
      {references.length > 0 && <h3>{trans.__('Data references')}</h3>}
      <ul className="jp-recrate-Study-Plain">
        {references.map(one => (
          <Reference key={one.path} reference={one} />
        ))}
      </ul>
    </section>
  );
}

function Reference({ reference }: { reference: DataReference }): React.ReactElement {
  const size = sizeWords(reference.size_bytes);
  return (
    <li>
      {visible(reference.path)} <span className="jp-recrate-quiet">{size}</span>
      <div className="jp-recrate-quiet">{reference.url ?? reference.conditions}</div>
    </li>
  );
}

const DECLARED = '';

function Environment({ result }: { result: ScanResult }): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { kernel } = session.state;
  const declared = (result.declarations ?? []).map(one => one.path);
  const running = session.lab.kernels(session.path);
  const choices = [
    ...running.map(({ name, title }) => ({
      value: name,
      label: trans.__('Locked from the running kernel: %1', title)
    })),
    ...(kernel && !running.some(one => one.name === kernel)
      ? [{ value: kernel, label: trans.__('Locked from the kernel %1', kernel) }]
      : []),
    {
      value: DECLARED,
      label: declared.length
        ? trans.__('As the study declares it')
        : trans.__('Inferred from the imports')
    }
  ];
  const choose = useDeed(async (name: string) => {
    session.do({ type: 'kernel', kernel: name || null });
    await session.rescan({ anyway: true });
  });
  return (
    <section className="jp-recrate-Study-Part" aria-label={trans.__('Environment')}>
      <h2>{trans.__('Environment')}</h2>
      <Select
        label={trans.__('How the environment is taken down')}
        value={kernel ?? DECLARED}
        choices={choices}
        onChange={value => void choose.run(value)}
        hint={
          kernel
            ? trans.__('The exact versions are read inside the kernel.')
            : trans.__(
                'Open a notebook of the study and start its kernel to lock exactly what you have.'
              )
        }
      />
      {result.kernel && kernel && (
        <p>
          {trans._n(
            'Python %2, %1 package',
            'Python %2, %1 packages',
            result.kernel.packages ?? 0,
            result.kernel.python ?? ''
          )}
        </p>
      )}
      {declared.length > 0 && (
        <p>
          <span className="jp-recrate-quiet">{trans.__('Declared in')}</span> {declared.join(', ')}
        </p>
      )}
      {result.study_date && (
        <p>
          <span className="jp-recrate-quiet">{trans.__('As of')}</span> {result.study_date}
        </p>
      )}
    </section>
  );
}

function People({ result }: { result: ScanResult }): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { creators = [], licence } = session.keeper.draft ?? result.description;
  const meaning = licence ? licenceMeaning(trans, licence) : null;
  return (
    <section className="jp-recrate-Study-Part" aria-label={trans.__('People and licence')}>
      <h2>{trans.__('People and licence')}</h2>
      {creators.length > 0 ? (
        <ul className="jp-recrate-Study-Plain">
          {creators.map((person, at) => (
            <li key={at}>
              {person.name} <span className="jp-recrate-quiet">{person.affiliation?.name}</span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="jp-recrate-quiet">{trans.__('Nobody is named yet.')}</p>
      )}
      <p>{licence || <span className="jp-recrate-quiet">{trans.__('No licence yet.')}</span>}</p>
      {meaning && <p className="jp-recrate-quiet">{meaning}</p>}
      <Button onClick={() => void session.go('describe')}>{trans.__('Describe the study')}</Button>
    </section>
  );
}
