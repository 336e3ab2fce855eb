import React from 'react';

import { isUnderWay, type Job } from '../api';
import { useRemembered } from '../state';
import {
  Button,
  ProblemBox,
  ProgressView,
  useDeed,
  useFollowing,
  useRecrate,
  Waiting
} from '../ui';
import { useWords } from '../words';
import type { ISessionRoom } from './context';
import { OpinionForm } from './form';
import { Given } from './given';
import { reviewOrder, type IOpinion } from './opinion';

/** A reviewer's verdict: the form, the work that it starts, and what came of it. */
export function GiveVerdict({ room }: { room: ISessionRoom }): React.ReactElement {
  const trans = useWords();
  const { jobs } = useRecrate();
  const { session } = room.model;
  const [id, setId, isReady] = useRemembered<string>(`session:${session.id}:verdict`, '');
  const following = useFollowing(jobs, id || null);
  const start = useDeed(async (said: IOpinion, notebooks: readonly string[]) => {
    await room.lab.save(room.lab.unsaved(''));
    const order = reviewOrder(said, notebooks, room.lab.language);
    if (order) {
      setId((await jobs.start(order)).id);
    }
  });
  const anew = (): void => setId('');
  const job = following?.job ?? null;
  if (!isReady || (id && !job && !following?.problem)) {
    return <Waiting>{trans.__('Asking the server…')}</Waiting>;
  }
  return (
    <div className="jp-recrate-Pad jp-recrate-Opinion">
      <h1>{trans.__('Give a verdict')}</h1>
      {!id || (!job && following?.problem) ? (
        <>
          <OpinionForm
            room={room}
            busy={start.busy}
            onGive={(said, notebooks) => void start.run(said, notebooks)}
          />
          {start.problem && <ProblemBox problem={start.problem} onDismiss={start.clear} />}
        </>
      ) : (
        job && <Made job={job} connection={following?.connection} room={room} onAgain={anew} />
      )}
    </div>
  );
}

function Made(props: {
  job: Job;
  connection: React.ComponentProps<typeof ProgressView>['connection'];
  room: ISessionRoom;
  onAgain: () => void;
}): React.ReactElement {
  const trans = useWords();
  const { jobs } = useRecrate();
  const { job, room, onAgain } = props;
  const cancel = useDeed(() => jobs.cancel(job.id));
  if (isUnderWay(job)) {
    return (
      <>
        <ProgressView
          job={job}
          connection={props.connection}
          onCancel={() => void cancel.run()}
          cancelling={cancel.busy}
        />
        {cancel.problem && <ProblemBox problem={cancel.problem} onDismiss={cancel.clear} />}
      </>
    );
  }
  const back = <Button onClick={onAgain}>{trans.__('Back to the form')}</Button>;
  if (job.status === 'done') {
    return <Given job={job} room={room} onAgain={onAgain} />;
  }
  return job.error ? (
    <ProblemBox problem={job.error}>{back}</ProblemBox>
  ) : (
    <>
      <p role="status">
        {job.status === 'interrupted'
          ? trans.__('The server ended in between; no verdict was made.')
          : trans.__('It was cancelled; no verdict was made.')}
      </p>
      <div className="jp-recrate-Actions">{back}</div>
    </>
  );
}
