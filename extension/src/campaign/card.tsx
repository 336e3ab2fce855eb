import { downloadIcon, runIcon, stopIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { canResume, isUnderWay, type CampaignStanding, type Job } from '../api';
import { reportIcon } from '../icons';
import { longMoment, shortMoment } from '../runs/moments';
import { markWord } from '../sentences_campaign';
import {
  Button,
  ProblemBox,
  ProgressView,
  Shape,
  StatusBadge,
  useAsk,
  useDeed,
  useFollowing,
  useRecrate
} from '../ui';
import { numberWords, sizeWords, useWords } from '../words';
import { liveStanding, writtenStanding, type IStanding } from './model';

export interface ICampaignCardProps {
  job: Job;
  onOpen: (id: string) => void;
}

/** One campaign: how far it is, how its crates ended, and what can be done with it. */
export function CampaignCard({ job: listed, onOpen }: ICampaignCardProps): React.ReactElement {
  const trans = useWords();
  const { api, jobs } = useRecrate();
  const following = useFollowing(jobs, isUnderWay(listed) ? listed.id : null, listed);
  const job = following?.job ?? listed;
  const running = isUnderWay(job);
  const live = running ? liveStanding(job) : null;
  const begun = live !== null;
  const told = useAsk(signal => api.readCampaign(job.id, { signal }), [job.id, job.status, begun]);
  const standing = live ?? (told.value?.standing ? writtenStanding(told.value.standing) : null);
  const name = job.title || job.subject || '/';
  return (
    <article className="jp-recrate-Campaign-card" aria-label={name}>
      <header>
        <h2>{name}</h2>
        <StatusBadge status={job.status} plain />
        <time className="jp-recrate-quiet" dateTime={job.created} title={longMoment(job.created)}>
          {shortMoment(trans, job.created)}
        </time>
      </header>
      {running && <ProgressView job={job} connection={following?.connection} compact />}
      {standing && <Standing standing={standing} />}
      {job.error && <p className="jp-recrate-Field-complaint">{job.error.message}</p>}
      <Deeds job={job} hasPage={!!told.value?.page} onOpen={() => onOpen(job.id)} />
      {!running && told.value && told.value.exports.length > 0 && (
        <Exports exports={told.value.exports} />
      )}
    </article>
  );
}

/** How many are done, and how they ended: shapes and words, never colour alone. */
function Standing({ standing }: { standing: IStanding }): React.ReactElement {
  const trans = useWords();
  const { done, total, counts } = standing;
  return (
    <div className="jp-recrate-Coverage">
      <p className="jp-recrate-Campaign-done">
        {trans.__('%1 of %2 done', numberWords(done), numberWords(total))}
      </p>
      <div className="jp-recrate-Coverage-bar" aria-hidden="true">
        {counts.map(([mark, count]) => (
          <span key={mark} data-of={shapeOf(mark)} style={{ flexGrow: count }} />
        ))}
        {done < total && <span data-of="to-go" style={{ flexGrow: total - done }} />}
      </div>
      <ul className="jp-recrate-Coverage-legend" aria-label={trans.__('Verdicts')}>
        {counts.map(([mark, count]) => (
          <li key={mark}>
            <Shape of={shapeOf(mark)} />
            {trans.__('%1 %2', numberWords(count), markWord(trans, mark))}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Return the shape of a mark; what has no verdict wears those of jobs. */
function shapeOf(mark: string): string {
  return mark === 'broken' ? 'error' : mark === 'given up' ? 'interrupted' : mark;
}

function Deeds(props: { job: Job; hasPage: boolean; onOpen: () => void }): React.ReactElement {
  const trans = useWords();
  const { jobs } = useRecrate();
  const { job } = props;
  const stop = useDeed(() => jobs.cancel(job.id));
  const resume = useDeed(() => jobs.resume(job.id));
  const problem = stop.problem ?? resume.problem;
  return (
    <>
      {problem && <ProblemBox problem={problem} />}
      <div className="jp-recrate-Actions">
        <Button
          look="primary"
          icon={reportIcon}
          disabled={!props.hasPage}
          title={props.hasPage ? undefined : trans.__('There is no page yet.')}
          onClick={props.onOpen}
        >
          {trans.__('Open its page')}
        </Button>
        {isUnderWay(job) && (
          <Button
            icon={stopIcon}
            busy={stop.busy}
            title={trans.__('What was done is kept')}
            onClick={() => void stop.run()}
          >
            {trans.__('Stop')}
          </Button>
        )}
        {canResume(job) && (
          <Button icon={runIcon} busy={resume.busy} onClick={() => void resume.run()}>
            {trans.__('Resume')}
          </Button>
        )}
      </div>
    </>
  );
}

function Exports({ exports }: { exports: CampaignStanding['exports'] }): React.ReactElement {
  const trans = useWords();
  const { api } = useRecrate();
  return (
    <ul className="jp-recrate-Campaign-exports" aria-label={trans.__('Exports')}>
      {exports.map(one => (
        <li key={one.name}>
          <a href={api.addressOf(one.address)} download={one.name}>
            <downloadIcon.react tag="span" aria-hidden="true" />
            {one.name}
          </a>{' '}
          <span className="jp-recrate-quiet">{sizeWords(one.bytes)}</span>
        </li>
      ))}
    </ul>
  );
}
