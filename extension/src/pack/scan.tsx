import React from 'react';

import { isUnderWay, type ScanResult } from '../api';
import { Button, ProblemBox, ProgressView, useDeed } from '../ui';
import { sizeWords, useWords, type Words } from '../words';
import { useSession } from './context';
import { Contents } from './contents';
import { Findings } from './findingslist';
import { JobArea } from './job';
import { count } from './model';
import type { StudySession } from './session';

/** Step 1: what lies in the folder, and what is wrong with it. */
export function ScanStep(): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { result } = session.scan;
  return (
    <div className="jp-recrate-Study-Step">
      <Unsaved />
      {!isScannedAgain(session) && (
        <JobArea
          work={session.scan}
          onAnew={() => void session.rescan()}
          anewLabel={trans.__('Scan again')}
          waiting={trans.__('Looking through the study')}
        />
      )}
      <div className="jp-recrate-hidden" role="status">
        {result && !session.scan.isBusy ? spoken(trans, result) : ''}
      </div>
      {result && (
        <>
          <Counts result={result} />
          <Mended />
          <Findings findings={result.findings} />
          <Contents result={result} />
        </>
      )}
    </div>
  );
}

/** Asked before a scan: what is on the screen and not on the disk is not in the crate. */
function Unsaved(): React.ReactElement | null {
  const trans = useWords();
  const session = useSession();
  const save = useDeed(() => session.saveAndScan());
  const { unsaved } = session;
  if (!unsaved.length) {
    return null;
  }
  return (
    <>
      <div className="jp-recrate-Study-Bar" role="alert" data-bar="unsaved">
        <span className="jp-recrate-Study-Bar-text" title={unsaved.join('\n')}>
          {trans._n(
            '%1 open file has changes that are not saved. A crate holds what is on the disk.',
            '%1 open files have changes that are not saved. A crate holds what is on the disk.',
            unsaved.length
          )}
        </span>
        <Button look="primary" busy={save.busy} onClick={() => void save.run()}>
          {trans.__('Save all')}
        </Button>
        <Button onClick={() => void session.rescan({ anyway: true })}>
          {trans.__('Go on without')}
        </Button>
      </div>
      {save.problem && <ProblemBox problem={save.problem} onDismiss={save.clear} />}
    </>
  );
}

/** What was mended here, and the way back. */
function Mended(): React.ReactElement | null {
  const trans = useWords();
  const session = useSession();
  const undo = useDeed((id: string) => session.undo(id));
  const { mended } = session.state;
  if (!mended.length) {
    return null;
  }
  return (
    <div className="jp-recrate-Study-Mended" role="status">
      <ul aria-label={trans.__('What was mended')}>
        {mended.slice(0, 3).map(one => (
          <li key={one.undo}>
            <span className="jp-recrate-oneline">
              {trans.__('Done: %1', one.title)}{' '}
              <span className="jp-recrate-quiet">{one.changed.join(', ')}</span>
            </span>
            {one.undo && (
              <Button look="quiet" busy={undo.busy} onClick={() => void undo.run(one.undo)}>
                {trans.__('Undo')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {undo.problem && <ProblemBox problem={undo.problem} onDismiss={undo.clear} />}
    </div>
  );
}

function Counts({ result }: { result: ScanResult }): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { data = [], references = [] } = result;
  const { job, connection } = session.scan;
  return (
    <div className="jp-recrate-Study-Counts">
      <ul aria-label={trans.__('What the study holds')}>
        <li>{trans._n('%1 notebook', '%1 notebooks', result.notebooks.length)}</li>
        <li>
          {trans._n(
            '%1 file, %2',
            '%1 files, %2',
            result.files.count,
            sizeWords(result.files.bytes)
          )}
        </li>
        <li>{trans._n('%1 data file', '%1 data files', data.length)}</li>
        {references.length > 0 && (
          <li>{trans._n('%1 data reference', '%1 data references', references.length)}</li>
        )}
      </ul>
      {isScannedAgain(session) && job ? (
        <div className="jp-recrate-Study-Again">
          <ProgressView
            compact
            job={job}
            connection={connection}
            onCancel={() => void session.scan.cancel()}
          />
        </div>
      ) : (
        <Button
          busy={session.scan.isBusy}
          onClick={() => void session.rescan()}
          title={trans.__('Look through the study once more')}
        >
          {trans.__('Scan again')}
        </Button>
      )}
    </div>
  );
}

/** Whether a newer scan runs while the last one is shown: then nothing may jump. */
function isScannedAgain({ scan }: StudySession): boolean {
  return scan.result !== null && scan.job !== null && isUnderWay(scan.job);
}

function spoken(trans: Words, result: ScanResult): string {
  return trans.__(
    'Scanned: %1, %2.',
    trans._n('%1 error', '%1 errors', count(result.findings, 'error')),
    trans._n('%1 warning', '%1 warnings', count(result.findings, 'warning'))
  );
}
