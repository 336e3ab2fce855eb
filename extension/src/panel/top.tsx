import { PathExt } from '@jupyterlab/coreutils';
import { folderIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';

import { recrateIcon } from '../icons';
import { CommandIDs } from '../names';
import {
  Button,
  ProblemBox,
  ProgressView,
  tellProblem,
  useDeed,
  useFollowing,
  useRecrate,
  useSignal
} from '../ui';
import { kindWord, useWords } from '../words';
import { Problem, type Job } from '../api';
import type { Place } from './place';

/** The panel's head: the two ways in, and what is under way. */
export function Top(props: { place: Place; commands: CommandRegistry }): React.ReactElement {
  const trans = useWords();
  const { jobs } = useRecrate();
  const { place, commands } = props;
  useSignal(place.changed);
  useSignal(jobs.changed);
  useSignal(jobs.looked);
  const folder = place.folder;
  const name = PathExt.basename(folder) || trans.__('the top folder');
  const run = (command: string, args: Record<string, string> = {}): void => {
    commands.execute(command, args).catch(error => tellProblem(trans, Problem.from(error)));
  };
  return (
    <>
      <div className="jp-recrate-Ways">
        <Button
          look="primary"
          icon={recrateIcon}
          className="jp-recrate-Wide"
          title={folder || '/'}
          onClick={() => run(CommandIDs.package, { path: place.notebook ?? folder })}
        >
          {trans.__('Package & publish')}
        </Button>
        <p className="jp-recrate-Ways-where">
          <folderIcon.react tag="span" aria-hidden="true" />
          <span className="jp-recrate-oneline" title={folder || '/'}>
            {name}
          </span>
        </p>
        <Button className="jp-recrate-Wide" onClick={() => run(CommandIDs.openCrate)}>
          {trans.__('Open a crate…')}
        </Button>
      </div>
      {jobs.problem && <ProblemBox problem={jobs.problem} onRetry={() => void jobs.refresh()} />}
      {jobs.underWay.length > 0 && (
        <section className="jp-recrate-Under" aria-label={trans.__('Under way')}>
          {jobs.underWay.map(job => (
            <UnderWay key={job.id} job={job} />
          ))}
        </section>
      )}
    </>
  );
}

function UnderWay({ job }: { job: Job }): React.ReactElement {
  const trans = useWords();
  const { jobs } = useRecrate();
  const following = useFollowing(jobs, job.id, job);
  const cancel = useDeed(() => jobs.cancel(job.id));
  return (
    <div className="jp-recrate-Under-job">
      <p className="jp-recrate-oneline" title={job.subject}>
        <strong>{kindWord(trans, job.kind)}</strong> {job.title || job.subject}
      </p>
      <ProgressView
        compact
        job={following?.job ?? job}
        connection={following?.connection}
        cancelling={cancel.busy}
        onCancel={() => void cancel.run()}
      />
      {cancel.problem && <ProblemBox problem={cancel.problem} onDismiss={cancel.clear} />}
    </div>
  );
}
