import React, { useEffect, useRef } from 'react';

import { isUnderWay, type Job, type PublishPlace } from '../api';
import { JobArea } from '../pack/job';
import { classes, Shape } from '../ui';
import { sizeWords, useWords } from '../words';
import { usePublishing } from './context';
import { STAGES, stageOf } from './model';
import { placeTitle, stageTitle } from './words';

/** A publication under way, or why it stopped. */
export function Running(props: { places: readonly PublishPlace[] }): React.ReactElement | null {
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
      {job && (
        <h2 ref={heading} tabIndex={-1}>
          {place ? trans.__('Publishing at %1', placeTitle(trans, place)) : trans.__('Publication')}
        </h2>
      )}
      <JobArea
        work={session.work}
        onAnew={() => session.do({ type: 'choose', place: session.state.place })}
        anewLabel={trans.__('Start anew')}
        waiting={trans.__('Waiting for the receipt')}
      >
        {job && isUnderWay(job) && <Stages />}
      </JobArea>
    </section>
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
