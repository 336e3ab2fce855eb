import React from 'react';

import type { Access, RestrictedFile } from '../api';
import { Button, Combobox, Select, TextArea, TextInput, useIds } from '../ui';
import { accessWord, useWords } from '../words';
import { Chips, PartComplaint, Source, useForm } from './form';
import { replaced, without } from './model';
import { accessMeaning } from './words';

const LEVELS: readonly Access['level'][] = ['open', 'shared', 'closed', 'embargoed'];

/** Who may have the crate. */
export function AccessPart(): React.ReactElement {
  const trans = useWords();
  const ids = useIds();
  const { draft, set, complaintAt } = useForm();
  const { access } = draft;
  const put = (change: Partial<Access>): void =>
    set({ access: { level: 'open', ...access, ...change } });
  return (
    <section className="jp-recrate-Study-Part" aria-labelledby={ids.label}>
      <div className="jp-recrate-Study-Part-head">
        <h2 id={ids.label}>{trans.__('Access')}</h2>
        <Source field="access" />
      </div>
      <PartComplaint field="access" />
      <div className="jp-recrate-Study-Radios" role="radiogroup" aria-labelledby={ids.label}>
        {LEVELS.map(level => (
          <label key={level} className="jp-recrate-Study-Radio">
            <input
              type="radio"
              name={ids.own}
              checked={access?.level === level}
              onChange={() =>
                put({
                  level,
                  available: level === 'embargoed' ? (access?.available ?? null) : null
                })
              }
            />
            <span>
              {accessWord(trans, level)}
              <span className="jp-recrate-quiet">{accessMeaning(trans, level)}</span>
            </span>
          </label>
        ))}
      </div>
      {access?.level === 'embargoed' && (
        <TextInput
          className="jp-recrate-Study-Short"
          type="date"
          label={trans.__('The embargo ends on')}
          value={access.available ?? ''}
          onChange={available => put({ available: available || null })}
          {...complaintAt('access.available')}
        />
      )}
      {access && access.level !== 'open' && (
        <div className="jp-recrate-Study-Grid">
          <TextArea
            rows={2}
            label={trans.__('Conditions')}
            value={access.conditions ?? ''}
            onChange={conditions => put({ conditions: conditions || null })}
            {...complaintAt('access.conditions')}
          />
          <TextInput
            label={trans.__('Whom to ask')}
            hint={trans.__('A mail address or a web page')}
            value={access.contact ?? ''}
            onChange={contact => put({ contact: contact || null })}
            {...complaintAt('access.contact')}
          />
        </div>
      )}
      <Chips fields={['access']} />
    </section>
  );
}

/** Files of the study that stay out of the crate, and on what conditions one gets them. */
export function RestrictedFiles({ files }: { files: readonly string[] }): React.ReactElement {
  const trans = useWords();
  const { draft, set } = useForm();
  const { restricted } = draft;
  return (
    <section className="jp-recrate-Study-Part" aria-label={trans.__('Files kept back')}>
      <div className="jp-recrate-Study-Part-head">
        <h2>{trans.__('Files kept back')}</h2>
        <Source field="restricted" />
      </div>
      <p className="jp-recrate-quiet">
        {trans.__(
          'These stay out of the crate. It names each with checksum and size, and says who may have it.'
        )}
      </p>
      <PartComplaint field="restricted" />
      <ul className="jp-recrate-Study-Rows">
        {restricted.map((one, at) => (
          <li key={at}>
            <RestrictedRow
              at={at}
              one={one}
              files={files}
              onChange={next => set({ restricted: replaced(restricted, at, next) })}
            />
            <Button
              look="quiet"
              label={trans.__('Remove %1', one.path || at + 1)}
              onClick={() => set({ restricted: without(restricted, at) })}
            >
              {trans.__('Remove')}
            </Button>
          </li>
        ))}
      </ul>
      <Chips fields={['restricted']} />
      <div className="jp-recrate-Actions">
        <Button onClick={() => set({ restricted: [...restricted, { path: '', level: 'shared' }] })}>
          {trans.__('Keep a file or folder back')}
        </Button>
      </div>
    </section>
  );
}

function RestrictedRow(props: {
  at: number;
  one: RestrictedFile;
  files: readonly string[];
  onChange: (one: RestrictedFile) => void;
}): React.ReactElement {
  const trans = useWords();
  const { complaintAt } = useForm();
  const { at, one, files, onChange } = props;
  const here = `restricted.${at}`;
  const put = (change: Partial<RestrictedFile>): void => onChange({ ...one, ...change });
  return (
    <div className="jp-recrate-Study-Grid">
      <Combobox
        label={trans.__('File or folder')}
        value={one.path}
        onChange={path => put({ path })}
        find={async typed =>
          files
            .filter(file => file.toLowerCase().includes(typed.toLowerCase()))
            .slice(0, 50)
            .map(file => ({ value: file.replace(/\/$/, ''), label: file }))
        }
        {...complaintAt(`${here}.path`)}
      />
      <Select
        label={trans.__('Access')}
        value={one.level}
        choices={(['shared', 'closed'] as const).map(level => ({
          value: level,
          label: accessWord(trans, level)
        }))}
        onChange={level => put({ level })}
      />
      <TextArea
        rows={2}
        label={trans.__('Conditions')}
        value={one.conditions ?? ''}
        onChange={conditions => put({ conditions: conditions || null })}
        {...complaintAt(`${here}.conditions`)}
      />
      <TextInput
        label={trans.__('Whom to ask')}
        value={one.contact ?? ''}
        onChange={contact => put({ contact: contact || null })}
        {...complaintAt(`${here}.contact`)}
      />
      <TextInput
        label={trans.__('Page that tells about it')}
        value={one.url ?? ''}
        placeholder="https://"
        onChange={url => put({ url: url || null })}
        {...complaintAt(`${here}.url`)}
      />
    </div>
  );
}
