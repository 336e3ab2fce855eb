import React, { useEffect, useRef } from 'react';

import { canResume, isUnderWay, type Job, type PublishPlace } from '../api';
import { Button, classes, ProblemBox, ProgressView, Shape, Waiting } from '../ui';
import { sizeWords, statusWord, useWords } from '../words';
import { usePublishing } from './context';
import { STAGES, stageOf } from './model';
import { placeTitle, stageTitle } from './words';

/** A publication under way, or why it stopped. */
export function Running(props: { places: readonly PublishPlace[] }): React.ReactElement {
  const trans = useWords();
  const { session } = usePublishing();
  const { job, isBusy } = session.work;
  const heading = useRef<HTMLHeadingElement>(null);
  const wasBusy = useRef(isBusy);
  useEffect(() => {
    // The button that began it is gone: go on from here.
    if (isBusy && !wasBusy.current) {
      heading.current?.focus();
    }
    wasBusy.current = isBusy;
  }, [isBusy]);
  const place = props.places.find(one => one.name === placeOf(job));
  return (
    <section className="jp-recrate-Publish-Running" aria-label={trans.__('Publication')}>
      <h2 ref={heading} tabIndex={-1}>
        {!place
          ? trans.__('Publication')
          : isBusy
            ? trans.__('Publishing at %1', placeTitle(trans, place))
            : trans.__('The publication at %1 has stopped', placeTitle(trans, place))}
      </h2>
      <Inside />
    </section>
  );
}

function Inside(): React.ReactElement | null {
  const trans = useWords();
  const { work } = usePublishing().session;
  const { job, problem } = work;
  const resume = job && canResume(job) && !isUnderWay(job) && (
    <Button look="primary" onClick={() => void work.resume()} busy={work.isBusy}>
      {trans.__('Resume')}
    </Button>
  );
  if (problem && !(job && isUnderWay(job))) {
    const again = job?.status === 'done' ? () => void work.readAgain() : undefined;
    return (
      <ProblemBox problem={problem} onRetry={again}>
        {resume}
      </ProblemBox>
    );
  }
  if (!job || work.isAwaited) {
    return job && isUnderWay(job) ? (
      <div className="jp-recrate-Study-Job">
        {problem && <ProblemBox problem={problem} />}
        <ProgressView job={job} connection={work.connection} onCancel={() => void work.cancel()} />
        <Stages />
      </div>
    ) : (
      <Waiting>{trans.__('Waiting for the receipt')}</Waiting>
    );
  }
  return job.error ? (
    <ProblemBox problem={job.error}>{resume}</ProblemBox>
  ) : (
    <div className="jp-recrate-Study-Bar" role="status">
      <Shape of={job.status} />
      <span className="jp-recrate-Study-Bar-text">{statusWord(trans, job.status)}</span>
      {resume}
    </div>
  );
}

function placeOf(job: Job | null): string | undefined {
  return (job?.order as { place?: string } | undefined)?.place;
}

function Stages(): React.ReactElement {
  const trans = useWords();
  const { session } = usePublishing();
  const progress = session.work.job?.progress;
  const now = progress ? STAGES.indexOf(stageOf(progress.stage)) : -1;
  const isUpload = progress?.stage === 'upload' && progress.total > 0;
  return (
    <>
      <ol className="jp-recrate-Publish-Stages" aria-label={trans.__('Steps of publishing')}>
        {STAGES.map((stage, at) => (
          <li
            key={stage}
            className={classes(at === now && 'jp-mod-current')}
            aria-current={at === now ? 'step' : undefined}
          >
            <Shape of={at < now ? 'done' : at === now ? 'running' : 'queued'} spin={at === now} />
            {stageTitle(trans, stage)}
            {at === now && isUpload && (
              <span className="jp-recrate-quiet">
                {trans.__('%1 of %2', sizeWords(progress.done), sizeWords(progress.total))}
              </span>
            )}
          </li>
        ))}
      </ol>
      <p className="jp-recrate-quiet">
        {trans.__('It goes on when this page is closed. You find it in the list of runs.')}
      </p>
    </>
  );
}
