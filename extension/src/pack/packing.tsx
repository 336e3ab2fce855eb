import { Clipboard } from '@jupyterlab/apputils';
import React, { useState } from 'react';

import type { PackResult, ScanResult } from '../api';
import { CommandIDs } from '../names';
import { Button, Checkbox, Disclosure, findingTitle, TextInput, VerdictBadge } from '../ui';
import { sizeWords, useWords } from '../words';
import { Since } from './changes';
import { useSession } from './context';
import { beyond, codes } from './findings';
import { MoreFindings } from './findingslist';
import { JobArea } from './job';
import { count } from './model';
import { besideStudy, destinationFault } from './places';

/** Step 4: write the crate. */
export function PackStep(): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { result, isBusy } = session.pack;
  const { destination } = session.state;
  const fault = destination === null ? null : destinationFault(destination);
  const isOld = session.state.stale.includes('pack');
  const start = (): void => {
    if (!fault) {
      void session.startPack();
    }
  };
  return (
    <div className="jp-recrate-Study-Step">
      <p className="jp-recrate-Study-Lead">
        {trans.__(
          'A crate is one file with your notebooks, code and data as they are, the lock of the environment, and what you said of the study.'
        )}
      </p>
      <Destination fault={fault} />
      {session.scan.result && <Waivers result={session.scan.result} />}
      <Verified />
      <div className="jp-recrate-Actions">
        <Button
          look={result && !isOld ? 'plain' : 'primary'}
          busy={isBusy}
          disabled={fault !== null}
          onClick={start}
        >
          {result ? trans.__('Pack again') : trans.__('Pack')}
        </Button>
        {isOld && (
          <span className="jp-recrate-quiet">
            {trans.__('The study was changed since it was packed.')}
          </span>
        )}
      </div>
      <JobArea
        work={session.pack}
        onAnew={start}
        anewLabel={trans.__('Start anew')}
        waiting={trans.__('Waiting for the crate')}
        refusedHint={
          session.scan.result?.findings.some(one => one.code === 'secret')
            ? trans.__(
                'Mend it in the first step. If it is none, waive it above by name, and pack again.'
              )
            : undefined
        }
      />
      {result && <Crate result={result} />}
    </div>
  );
}

function Destination(props: { fault: 'suffix' | 'way' | null }): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { fault } = props;
  return (
    <TextInput
      label={trans.__('Where the crate is written')}
      value={session.state.destination ?? ''}
      placeholder={besideStudy(session.path || session.scan.result?.name || 'study')}
      disabled={session.pack.isBusy}
      onChange={typed => session.do({ type: 'destination', destination: typed || null })}
      complaint={
        fault === 'suffix'
          ? trans.__('The name must end in .crate.zip.')
          : fault === 'way'
            ? trans.__('This is no path in the file browser.')
            : null
      }
      hint={trans.__(
        'A path as the file browser shows it. A crate that lies there is replaced once the new one is whole.'
      )}
    />
  );
}

/** Errors by code, each with the choice to say that it is none. */
function Waivers({ result }: { result: ScanResult }): React.ReactElement | null {
  const trans = useWords();
  const session = useSession();
  const errors = codes(result.findings, 'error');
  if (!errors.size) {
    return null;
  }
  return (
    <fieldset className="jp-recrate-Study-Group">
      <legend>{trans.__('Errors that I waive')}</legend>
      <p className="jp-recrate-quiet">
        {trans.__(
          'A waived error stands in the crate as a note, by name. Waive only what is none: better mend it in the first step.'
        )}
      </p>
      {[...errors].map(([code, number]) => (
        <Checkbox
          key={code}
          label={trans._n('%2 (%1 place)', '%2 (%1 places)', number, findingTitle(trans, code))}
          hint={
            code === 'secret'
              ? trans.__('A crate with a secret is not written at all unless you waive this.')
              : undefined
          }
          checked={session.state.waived.includes(code)}
          onChange={waived => session.do({ type: 'waive', code, waived })}
        />
      ))}
    </fieldset>
  );
}

/** What the crate will say of its own verification. */
function Verified(): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { result } = session.verify;
  return (
    <div className="jp-recrate-Study-Verdict">
      <VerdictBadge verdict={result?.verdict ?? null} />
      <span className="jp-recrate-quiet">
        {result
          ? trans.__('The crate names this verdict if it holds the very files that were checked.')
          : trans.__('The crate will say that nobody has checked it by running.')}
      </span>
      {!result && (
        <Button look="quiet" onClick={() => void session.go('verify')}>
          {trans.__('Check by running')}
        </Button>
      )}
    </div>
  );
}

function Crate({ result }: { result: PackResult }): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { crate, environment } = result;
  return (
    <section
      className="jp-recrate-Study-Part jp-recrate-Study-Crate"
      aria-label={trans.__('The crate')}
    >
      <h2>{crate}</h2>
      <p className="jp-recrate-hidden" role="status">
        {trans.__('The crate is written: %1', crate)}
      </p>
      <div className="jp-recrate-Actions">
        <Button
          look="primary"
          onClick={() => session.lab.run(CommandIDs.openCrate, { path: crate })}
        >
          {trans.__('Open the crate')}
        </Button>
        <Button onClick={() => void session.lab.show(crate)}>
          {trans.__('Show in the file browser')}
        </Button>
      </div>
      <CrateFacts result={result} />
      {environment?.notes?.length ? (
        <Disclosure title={trans.__('Notes on the environment')}>
          <ul className="jp-recrate-Study-Plain">
            {environment.notes.map(note => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Disclosure>
      ) : null}
      <MoreFindings
        title={trans.__('Found while packing')}
        findings={beyond(result.findings, session.scan.result?.findings ?? [])}
      />
      {result.changes && <Since changes={result.changes} />}
    </section>
  );
}

function CrateFacts({ result }: { result: PackResult }): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { environment } = result;
  const errors = count(result.findings, 'error');
  return (
    <dl className="jp-recrate-Study-Facts">
      {result.size_bytes !== undefined && (
        <div>
          <dt>{trans.__('Size')}</dt>
          <dd>{sizeWords(result.size_bytes)}</dd>
        </div>
      )}
      <div>
        <dt>{trans.__('Identity')}</dt>
        <dd>
          <Identity identity={result.identity} />
        </dd>
      </div>
      <div>
        <dt>{trans.__('Environment')}</dt>
        <dd>
          {environment
            ? trans._n(
                '%2 %3, %1 package, %4',
                '%2 %3, %1 packages, %4',
                environment.packages,
                languageWord(environment.language),
                environment.python,
                sourceWord(trans, environment.source)
              )
            : trans.__('not locked')}
          {environment?.as_of && trans.__(', as of %1', environment.as_of)}
        </dd>
      </div>
      <div>
        <dt>{trans.__('Checked by running')}</dt>
        <dd>
          <VerdictBadge verdict={result.verified} />
          {result.verified === null && session.verify.result && (
            <p className="jp-recrate-quiet">
              {trans.__(
                'The study is not what was checked any more, so the crate names no verdict.'
              )}
            </p>
          )}
        </dd>
      </div>
      <div>
        <dt>{trans.__('Findings')}</dt>
        <dd>
          {trans.__(
            '%1, %2',
            trans._n('%1 error', '%1 errors', errors),
            trans._n('%1 warning', '%1 warnings', count(result.findings, 'warning'))
          )}
        </dd>
      </div>
    </dl>
  );
}

/** Return a language as its people write it. */
function languageWord(language: string): string {
  return language.charAt(0).toUpperCase() + language.slice(1);
}

function sourceWord(trans: ReturnType<typeof useWords>, source: string): string {
  switch (source) {
    case 'kernel':
      return trans.__('locked from the kernel');
    case 'declared':
      return trans.__('as declared');
    case 'inferred':
      return trans.__('inferred from the imports');
    case 'mixed':
      return trans.__('partly declared, partly inferred');
    default:
      return source;
  }
}

function Identity({ identity }: { identity: string }): React.ReactElement {
  const trans = useWords();
  const [copied, setCopied] = useState(false);
  return (
    <span className="jp-recrate-Study-Identity">
      <code title={identity}>{identity.slice(0, 12)}</code>
      <Button
        look="quiet"
        onClick={() => {
          Clipboard.copyToSystem(identity);
          setCopied(true);
        }}
      >
        {copied ? trans.__('Copied') : trans.__('Copy')}
      </Button>
    </span>
  );
}
