import React, { useEffect, useRef, useState } from 'react';

import {
  canResume,
  isUnderWay,
  Problem,
  type Api,
  type IFollowing,
  type Job,
  type ReplayOrder,
  type ReplayResult
} from '../api';
import { visible } from '../crate/model';
import {
  Button,
  Disclosure,
  JobBadge,
  ProblemBox,
  ProgressView,
  useAsk,
  useDeed,
  useFollowing,
  useRecrate,
  useWatched,
  Waiting
} from '../ui';
import { longMoment } from '../runs/moments';
import { kindWord, useWords } from '../words';
import { LiveNotebooks } from './live';
import { exportPath, notebookOf } from './model';
import { RunVerdict } from './verdict';

const NAMES_TRIED = 50;

/** One run from its start to its verdict; it can be left and opened again at any time. */
export function RunView(props: {
  id: string;
  onNamed: (name: string) => void;
  /** Open the form for another replay of the same crate. */
  onAgain: (path: string) => void;
  /** Another run was started from this one. */
  onStarted: (job: Job) => void;
  /** Show a file among the person's files. */
  onShow: (path: string) => void;
}): React.ReactElement {
  const trans = useWords();
  const { jobs } = useRecrate();
  const following = useFollowing(jobs, props.id);
  const job = following?.job ?? null;
  useEffect(() => {
    if (job) {
      props.onNamed(job.title || job.subject);
    }
  }, [job?.title, job?.subject]);
  if (!following || !job) {
    return following?.problem ? (
      <div className="jp-recrate-Pad">
        <ProblemBox problem={following.problem} />
      </div>
    ) : (
      <Waiting>{trans.__('Asking the server…')}</Waiting>
    );
  }
  return (
    <div className="jp-recrate-Pad jp-recrate-RunView">
      <div className="jp-recrate-Played-line">
        <h1>{visible(job.title || job.subject)}</h1>
        {job.status !== 'done' && <JobBadge job={job} />}
        <p className="jp-recrate-quiet">
          {kindWord(trans, job.kind)}
          {' · '}
          <time dateTime={job.created}>{longMoment(job.created)}</time>
        </p>
      </div>
      {isUnderWay(job) && <UnderWay following={following} job={job} />}
      {!isUnderWay(job) && job.status !== 'done' && (
        <Stopped job={job} onAgain={() => props.onAgain(job.subject)} />
      )}
      {job.status === 'done' && <Done {...props} job={job} />}
      <Notes following={following} />
    </div>
  );
}

function UnderWay(props: { following: IFollowing; job: Job }): React.ReactElement {
  const { api, jobs } = useRecrate();
  const { job, following } = props;
  const cancel = useDeed(() => jobs.cancel(job.id));
  const crate = useAsk(
    signal =>
      job.kind === 'replay' ? api.readCrate(job.subject, { signal }) : Promise.resolve(null),
    [job.kind, job.subject]
  );
  const chosen = (job.order as { notebooks?: string[] }).notebooks ?? [];
  const met = useMet(job.progress);
  const known = chosen.length > 0 ? chosen : (crate.value?.notebooks ?? []);
  const paths = known.length > 0 ? known : met;
  return (
    <>
      <ProgressView
        job={job}
        connection={following.connection}
        onCancel={() => void cancel.run()}
        cancelling={cancel.busy}
      />
      {cancel.problem && <ProblemBox problem={cancel.problem} onDismiss={cancel.clear} />}
      <LiveNotebooks paths={paths} progress={job.progress} />
    </>
  );
}

/** Return the notebooks that a run has named so far: of a study that is checked none is known before. */
function useMet(progress: Job['progress']): readonly string[] {
  const met = useRef<string[]>([]);
  const path = progress?.stage === 'replay' ? notebookOf(progress.message) : '';
  if (path && !met.current.includes(path)) {
    met.current = [...met.current, path];
  }
  return met.current;
}

/** Failed, cancelled or interrupted: why, and how to go on. */
function Stopped({ job, onAgain }: { job: Job; onAgain: () => void }): React.ReactElement {
  const trans = useWords();
  const { jobs } = useRecrate();
  const resume = useDeed(() => jobs.resume(job.id));
  const buttons = (
    <>
      {canResume(job) && (
        <Button look="primary" busy={resume.busy} onClick={() => void resume.run()}>
          {trans.__('Resume')}
        </Button>
      )}
      {job.kind === 'replay' && <Button onClick={onAgain}>{trans.__('Replay again…')}</Button>}
    </>
  );
  return (
    <>
      {resume.problem && <ProblemBox problem={resume.problem} onDismiss={resume.clear} />}
      {job.error ? (
        <ProblemBox problem={job.error}>{buttons}</ProblemBox>
      ) : (
        <>
          <p role="status">
            {job.status === 'interrupted'
              ? trans.__('The server or the run ended in between. What was seen so far is kept.')
              : trans.__('It was cancelled. What was seen so far is kept.')}
          </p>
          <div className="jp-recrate-Actions">{buttons}</div>
        </>
      )}
    </>
  );
}

function Done(props: {
  job: Job;
  onAgain: (path: string) => void;
  onStarted: (job: Job) => void;
  onShow: (path: string) => void;
}): React.ReactElement {
  const trans = useWords();
  const { api, jobs } = useRecrate();
  const { job } = props;
  const order = job.order as unknown as ReplayOrder;
  const twice = useDeed(async () => props.onStarted(await jobs.start({ ...order, repeats: 2 })));
  const judged = useWatched(
    jobs.changed,
    (one: Job) => one.status === 'done' && one.parent === job.id
  );
  const result = useAsk(
    async signal => (await api.readResult(job.id, { signal })) as ReplayResult,
    [job.id, judged]
  );
  const [saved, setSaved] = useState<string | null>(null);
  const save = useDeed(async () => {
    const path = await exported(api, job);
    setSaved(path);
    props.onShow(path);
  });
  if (result.problem) {
    return <ProblemBox problem={result.problem} onRetry={result.again} busy={result.busy} />;
  }
  if (!result.value) {
    return <Waiting>{trans.__('Reading the verdict…')}</Waiting>;
  }
  return (
    <>
      <RunVerdict
        id={job.id}
        result={result.value}
        isUnjudged={Object.keys(order.parameters ?? {}).length > 0}
        onTwice={(order.repeats ?? 1) < 2 ? () => void twice.run() : undefined}
      >
        <Button
          busy={save.busy}
          title={trans.__(
            'Write this run as a crate of its own: %1',
            exportPath(job.subject, job.id)
          )}
          onClick={() => void save.run()}
        >
          {trans.__('Save the run crate')}
        </Button>
        {job.kind === 'replay' && (
          <Button onClick={() => props.onAgain(job.subject)}>{trans.__('Replay again…')}</Button>
        )}
      </RunVerdict>
      {twice.problem && <ProblemBox problem={twice.problem} onDismiss={twice.clear} />}
      {saved && (
        <p className="jp-recrate-quiet" role="status">
          {trans.__('Written to %1', saved)}
        </p>
      )}
      {save.problem && <ProblemBox problem={save.problem} onDismiss={save.clear} />}
    </>
  );
}

/** Write the run crate beside what was run, under the first name that is free. */
async function exported(api: Api, job: Job): Promise<string> {
  for (let number = 1; ; number += 1) {
    try {
      return (await api.exportRun(job.id, exportPath(job.subject, job.id, number))).path;
    } catch (error) {
      if (Problem.from(error).reason !== 'conflict' || number >= NAMES_TRIED) {
        throw error;
      }
    }
  }
}

function Notes({ following }: { following: IFollowing }): React.ReactElement | null {
  const trans = useWords();
  if (following.notes.length === 0) {
    return null;
  }
  return (
    <Disclosure title={trans.__('Notes')}>
      <ul className="jp-recrate-Played-notes">
        {following.notes.map((note, at) => (
          <li key={at}>
            <time dateTime={note.at}>{new Date(note.at).toLocaleTimeString()}</time>{' '}
            {visible(note.message)}
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}
