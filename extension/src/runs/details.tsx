import { closeIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { canResume, isRun, isUnderWay, type Job, type Summary } from '../api';
import { Address } from '../publish/address';
import { receiptWord } from '../publish/words';
import {
  Button,
  JobBadge,
  ProblemBox,
  ProgressView,
  useDeed,
  useFollowing,
  useRecrate
} from '../ui';
import { coverageWords, kindWord, spanWords, spoken, useWords, verdictMeaning } from '../words';
import { longMoment } from './moments';
import { told } from './row';

/** One job in full: how it ended and why, and where to go from there. */
export function RunDetails(props: { job: Job; onClose: () => void }): React.ReactElement {
  const trans = useWords();
  const { jobs } = useRecrate();
  const { job } = props;
  const following = useFollowing(jobs, isUnderWay(job) ? job.id : null, job);
  const cancel = useDeed(() => jobs.cancel(job.id));
  const title = job.title || job.subject;
  const verdict = job.status === 'done' ? job.summary?.verdict : undefined;
  return (
    <section className="jp-recrate-RunDetails" aria-label={title}>
      <div className="jp-recrate-RunDetails-head">
        <JobBadge job={job} />
        <h2 className="jp-recrate-oneline">{title}</h2>
        <Button look="quiet" icon={closeIcon} label={trans.__('Close')} onClick={props.onClose} />
      </div>
      {isUnderWay(job) && (
        <ProgressView
          job={following?.job ?? job}
          connection={following?.connection}
          onCancel={() => void cancel.run()}
          cancelling={cancel.busy}
        />
      )}
      {cancel.problem && <ProblemBox problem={cancel.problem} onDismiss={cancel.clear} />}
      {job.error && <ProblemBox problem={job.error} />}
      {verdict ? (
        <p>
          {spoken(job.summary?.sentence ?? '', job.summary?.sentence_ja) ||
            verdictMeaning(trans, verdict)}
        </p>
      ) : (
        !job.error && !job.summary?.deposit_status && <p>{told(trans, job)}</p>
      )}
      {job.summary?.deposit_status && <Receipt summary={job.summary} />}
      <Facts job={job} />
      {!isUnderWay(job) && <Ways job={job} />}
    </section>
  );
}

function Facts({ job }: { job: Job }): React.ReactElement {
  const trans = useWords();
  const took =
    job.started && job.ended ? (Date.parse(job.ended) - Date.parse(job.started)) / 1000 : null;
  const coverage = job.summary?.coverage;
  const facts: [string, string][] = [
    [trans.__('What'), kindWord(trans, job.kind)],
    [trans.__('Study or crate'), job.subject || '/'],
    [trans.__('Begun'), longMoment(job.started ?? job.created)]
  ];
  if (took !== null && Number.isFinite(took)) {
    facts.push([trans.__('Took'), spanWords(trans, took)]);
  }
  if (coverage) {
    facts.push([trans.__('Coverage'), coverageWords(trans, coverage)]);
  }
  if (job.summary?.crate) {
    facts.push([trans.__('Crate'), job.summary.crate]);
  }
  return (
    <dl className="jp-recrate-RunFacts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What a repository gave back. */
function Receipt({ summary }: { summary: Summary }): React.ReactElement {
  const trans = useWords();
  const { doi = null, record_url = '', deposit_status: status = 'published' } = summary;
  return (
    <div className="jp-recrate-RunReceipt">
      <p>{receiptWord(trans, status)}</p>
      <Address receipt={{ doi, record_url }} />
    </div>
  );
}

/** Where one can go from a job that has ended. */
function Ways({ job }: { job: Job }): React.ReactElement {
  const trans = useWords();
  const recrate = useRecrate();
  const resume = useDeed(() => recrate.jobs.resume(job.id));
  const run = job.kind === 'judge' ? job.parent : job.id;
  const hasReport = job.status === 'done' && (isRun(job) || job.kind === 'judge');
  const published = job.kind === 'publish' ? (job.order as { run?: string | null }).run : undefined;
  const isOfCrate = ['check', 'replay'].includes(job.kind) || published === null;
  const crate = job.summary?.crate ?? (isOfCrate ? job.subject : null);
  const study = ['scan', 'pack', 'verify'].includes(job.kind) ? job.subject : null;
  return (
    <div className="jp-recrate-Actions">
      {canResume(job) && (
        <Button look="primary" busy={resume.busy} onClick={() => void resume.run()}>
          {trans.__('Resume')}
        </Button>
      )}
      {hasReport && run && (
        <>
          <Button look="primary" onClick={() => void recrate.openRun(run)}>
            {trans.__('Open report')}
          </Button>
          <Button onClick={() => void recrate.openReview(run)}>{trans.__('Open review')}</Button>
          <Button onClick={() => void recrate.publishVerdict(run)}>
            {trans.__('Publish verdict…')}
          </Button>
        </>
      )}
      {published && (
        <Button onClick={() => void recrate.publishVerdict(published)}>
          {trans.__('Show the publication')}
        </Button>
      )}
      {crate && (
        <Button onClick={() => void recrate.openCrate(crate)}>{trans.__('Open crate')}</Button>
      )}
      {study !== null && (
        <Button onClick={() => void recrate.openStudy(study)}>{trans.__('Open study')}</Button>
      )}
      {resume.problem && <ProblemBox problem={resume.problem} onDismiss={resume.clear} />}
    </div>
  );
}
