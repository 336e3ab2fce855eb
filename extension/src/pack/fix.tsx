import React, { useState } from 'react';

import type { Finding, Fix } from '../api';
import { readDoi } from '../describe/identifiers';
import { LicencePicker } from '../describe/licence';
import { Button, Combobox, ProblemBox, TextInput, useDeed, useIds } from '../ui';
import { useWords, type Words } from '../words';
import { useSession } from './context';
import { contentsPath } from './places';
import { fixTitle } from './words';

/** What can be done about a finding: choose, see what would change, apply. */
export function FixBox(props: {
  index: number;
  finding: Finding;
  fixes: readonly Fix[];
  onClose: () => void;
}): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const [chosen, setAt] = useState(0);
  // A new scan may propose fewer.
  const at = Math.min(chosen, props.fixes.length - 1);
  const fix = props.fixes[at]!;
  const [choices, setChoices] = useState<Record<number, string>>({});
  const choice = choices[at] ?? firstChoice(fix);
  const file = contentsPath(session.path, fix.file ?? fix.path ?? props.finding.path ?? '');
  const title = fixTitle(trans, fix);
  const apply = useDeed(async () => {
    await session.mend({ finding: props.index, fix: at, choice: choice.trim() || null, title });
    props.onClose();
  });
  const scan = useDeed(() => session.rescan());
  const fault = choiceFault(trans, fix, choice);
  const isTouched = session.isTouched(fix.file ?? fix.path ?? '');
  return (
    <div className="jp-recrate-Study-Fix" role="group" aria-label={trans.__('Fixes')}>
      <Ways fixes={props.fixes} at={at} onChange={setAt} />
      <Choice
        key={at}
        fix={fix}
        value={choice}
        complaint={choice ? fault : null}
        onChange={value => setChoices({ ...choices, [at]: value })}
      />
      <Preview fix={fix} />
      {isTouched && (
        <p className="jp-recrate-quiet" role="status">
          {trans.__('This file was changed a moment ago; the study is being scanned again.')}
        </p>
      )}
      {session.lab.unsaved(session.path).includes(file) ? (
        <Unsaved file={file} />
      ) : (
        <div className="jp-recrate-Actions">
          <Button
            look="primary"
            busy={apply.busy}
            disabled={fault !== null || isTouched || session.scan.isBusy}
            title={fault ?? undefined}
            onClick={() => void apply.run()}
          >
            {trans.__('Apply')}
          </Button>
          <Button look="quiet" onClick={props.onClose}>
            {trans.__('Not now')}
          </Button>
        </div>
      )}
      {apply.problem && (
        <ProblemBox
          problem={apply.problem}
          onRetry={
            apply.problem.reason === 'conflict' ? () => (apply.clear(), void scan.run()) : undefined
          }
          retryLabel={trans.__('Scan again')}
          onDismiss={apply.clear}
        />
      )}
    </div>
  );
}

/** What can be done, one of several. */
function Ways(props: {
  fixes: readonly Fix[];
  at: number;
  onChange: (at: number) => void;
}): React.ReactElement {
  const trans = useWords();
  const ids = useIds();
  const { fixes, at } = props;
  if (fixes.length === 1) {
    return <h4>{fixTitle(trans, fixes[0]!)}</h4>;
  }
  return (
    <div role="radiogroup" aria-label={trans.__('What to do')}>
      {fixes.map((one, number) => (
        <label key={number} className="jp-recrate-Study-Radio">
          <input
            type="radio"
            name={ids.own}
            checked={number === at}
            onChange={() => props.onChange(number)}
          />
          <span>{fixTitle(trans, one)}</span>
        </label>
      ))}
    </div>
  );
}

/** The file is open and has changes that are not saved: they come first. */
function Unsaved({ file }: { file: string }): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const save = useDeed(async () => {
    await session.lab.save([file]);
    await session.rescan({ anyway: true });
  });
  return (
    <div className="jp-recrate-Study-Bar" role="status">
      <span className="jp-recrate-Study-Bar-text">
        {trans.__(
          '%1 has changes that are not saved. Save it first; the study is then scanned again.',
          file
        )}
      </span>
      <Button look="primary" busy={save.busy} onClick={() => void save.run()}>
        {trans.__('Save and scan again')}
      </Button>
      {save.problem && <ProblemBox problem={save.problem} onDismiss={save.clear} />}
    </div>
  );
}

function Choice(props: {
  fix: Fix;
  value: string;
  complaint: string | null;
  onChange: (value: string) => void;
}): React.ReactElement | null {
  const trans = useWords();
  const { fix, value, complaint, onChange } = props;
  const required = fix.needs_choice;
  const find = async (typed: string) =>
    fix.choices
      .filter(one => one.toLowerCase().includes(typed.toLowerCase()) || fix.choices.includes(typed))
      .map(one => ({ value: one, label: one }));
  switch (fix.asks ?? (required ? 'file' : null)) {
    case 'licence':
      return <LicencePicker value={value} onChange={onChange} required={required} />;
    case 'file':
      return (
        <Combobox
          label={trans.__('Which file of the study')}
          {...{ value, onChange, find, required, complaint }}
        />
      );
    case 'destination':
      return (
        <Combobox
          label={trans.__('Where it goes in the study')}
          {...{ value, onChange, find, required, complaint }}
        />
      );
    case 'address':
      return (
        <TextInput
          label={trans.__('Address of the data')}
          hint={trans.__('A DOI or a web address from which anybody can fetch the same file')}
          {...{ value, onChange, required, complaint }}
        />
      );
    case 'variable':
      return (
        <TextInput
          label={trans.__('Name of the environment variable')}
          {...{ value, onChange, required, complaint }}
        />
      );
    default:
      return null;
  }
}

/** Return what is wrong with the answer, or why there must be one; null when it can be applied. */
function choiceFault(trans: Words, fix: Fix, value: string): string | null {
  const answer = value.trim();
  if (!answer) {
    return fix.needs_choice ? trans.__('Choose first.') : null;
  }
  if (fix.asks === 'address' && 'fault' in readDoi(answer)) {
    return trans.__('This is neither a DOI nor a web address.');
  }
  if (fix.asks === 'variable' && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(answer)) {
    return trans.__('Letters, digits and _ only, and no digit first.');
  }
  return null;
}

/** What would change, before beside after. */
function Preview({ fix }: { fix: Fix }): React.ReactElement | null {
  const trans = useWords();
  if (!fix.preview.length) {
    return null;
  }
  return (
    <div className="jp-recrate-Study-Preview">
      {fix.preview.map((change, number) => (
        <figure key={number}>
          <figcaption>
            {change.cell == null ? change.path : trans.__('%1, cell %2', change.path, change.cell)}
            {change.created && <span className="jp-recrate-quiet">{trans.__('new file')}</span>}
          </figcaption>
          {change.cleared ? (
            <p>
              {trans._n(
                '%1 stored output is removed. Run the cell again to get a new one.',
                '%1 stored outputs are removed. Run the cell again to get new ones.',
                change.cleared
              )}
            </p>
          ) : null}
          {(change.before || change.after) && (
            <div className="jp-recrate-Study-Preview-sides">
              {change.before && <Side label={trans.__('Before')} text={change.before} was />}
              {change.after && <Side label={trans.__('After')} text={change.after} />}
            </div>
          )}
        </figure>
      ))}
    </div>
  );
}

function Side(props: { label: string; text: string; was?: boolean }): React.ReactElement {
  return (
    <div className={props.was ? 'jp-mod-before' : 'jp-mod-after'}>
      <span className="jp-recrate-quiet">{props.label}</span>
      <pre tabIndex={0} aria-label={props.label}>
        {props.text}
      </pre>
    </div>
  );
}

/** What stands in the field at first: the only candidate, or what needs no choice; else nothing. */
function firstChoice(fix: Fix): string {
  return fix.needs_choice && fix.choices.length !== 1 ? '' : (fix.choices[0] ?? '');
}
