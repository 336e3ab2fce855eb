import React, { useEffect, useMemo } from 'react';

import type { Job } from '../api';
import { visible } from '../crate/model';
import { EmptyState, ProblemBox, useAsk, useRecrate, VerdictBadge, Waiting } from '../ui';
import { coverageWords, useWords } from '../words';
import { PublishRoom } from './room';
import { PublishSession } from './session';

/** The verdict of a run on its way to a repository. */
export function PublishVerdict(props: {
  /** The job of the run. */
  id: string;
  onNamed: (name: string) => void;
}): React.ReactElement {
  const trans = useWords();
  const recrate = useRecrate();
  const { id } = props;
  const job = useAsk(signal => recrate.api.readJob(id, { signal }), [recrate, id]);
  const session = useMemo(() => new PublishSession(recrate, `publish-run:${id}`), [recrate, id]);
  useEffect(() => {
    void session.open();
    return () => session.dispose();
  }, [session]);
  const name = job.value ? job.value.title || job.value.subject : null;
  useEffect(() => {
    if (name) {
      props.onNamed(name);
    }
  }, [name]);
  if (!job.value) {
    return job.problem ? (
      <ProblemBox problem={job.problem} onRetry={job.again} />
    ) : (
      <Waiting>{trans.__('Opening the run')}</Waiting>
    );
  }
  return (
    <div className="jp-recrate-PublishVerdict">
      <Head job={job.value} />
      {job.value.status === 'done' ? (
        <PublishRoom
          publishing={{
            session,
            subject: { path: job.value.subject, run: id },
            identity: null,
            isBlocked: false,
            describe: null,
            show: null
          }}
          none={
            <EmptyState title={trans.__('No repository is set up on this server')}>
              <p>{trans.__('The report can be downloaded and sent instead.')}</p>
            </EmptyState>
          }
        />
      ) : (
        <p>{trans.__('Only the verdict of a run that has come to its end can be published.')}</p>
      )}
    </div>
  );
}

function Head({ job }: { job: Job }): React.ReactElement {
  const trans = useWords();
  const { verdict, coverage } = job.summary ?? {};
  return (
    <header className="jp-recrate-PublishVerdict-head">
      <h1>{trans.__('Publish verdict: %1', visible(job.title || job.subject))}</h1>
      <p>
        {verdict && <VerdictBadge verdict={verdict} />}{' '}
        {coverage && <span>{coverageWords(trans, coverage)}</span>}
      </p>
      <p>
        {trans.__(
          'The run with its report, its observations and its verdict becomes a record of its own, which names the crate that was replayed by its DOI.'
        )}
      </p>
    </header>
  );
}
