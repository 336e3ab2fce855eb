import { downloadIcon } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { Problem, type Api, type Job, type ReplayResult } from '../api';
import { visible } from '../crate/model';
import { recrateIcon } from '../icons';
import { RunVerdict } from '../replay/verdict';
import { Button, Disclosure, ProblemBox, Shape, useAsk, useDeed, useRecrate, Waiting } from '../ui';
import { saidWords, useWords } from '../words';
import type { ISessionRoom } from './context';
import { opinionWord } from './form';
import { verdictPath } from './opinion';

const NAMES_TRIED = 50;

/** What came of it: the verdict, the reviewer's words, and ways to pass it on. */
export function Given(props: {
  job: Job;
  room: ISessionRoom;
  onAgain: () => void;
}): React.ReactElement {
  const trans = useWords();
  const recrate = useRecrate();
  const { job, room } = props;
  const [saved, setSaved] = useState<string | null>(null);
  const result = useAsk(
    async signal => (await recrate.api.readResult(job.id, { signal })) as ReplayResult,
    [job.id]
  );
  const save = useDeed(async () => {
    const path = saved ?? (await written(recrate.api, job.id));
    setSaved(path);
    await room.lab.download(path);
  });
  if (result.problem) {
    return <ProblemBox problem={result.problem} onRetry={result.again} busy={result.busy} />;
  }
  if (!result.value) {
    return <Waiting>{trans.__('Reading the verdict…')}</Waiting>;
  }
  return (
    <>
      <Witnessed result={result.value} />
      <RunVerdict
        id={job.id}
        result={result.value}
        onNotebook={(path, cell) => void room.lab.goTo(path, cell, null)}
      >
        <Button icon={downloadIcon} busy={save.busy} onClick={() => void save.run()}>
          {trans.__('Download the run crate')}
        </Button>
        <Button icon={recrateIcon} onClick={() => void recrate.publishVerdict(job.id)}>
          {trans.__('Publish verdict…')}
        </Button>
        <Button onClick={props.onAgain}>{trans.__('Give another verdict')}</Button>
      </RunVerdict>
      {result.value.verdict === 'different' && hasChance(room) && (
        <p className="jp-recrate-Opinion-none">
          <Shape of="note" />{' '}
          {trans.__(
            'A verdict looks at the saved run alone: what differed between your own runs counts as different here. Say so in your statement.'
          )}
        </p>
      )}
      <Apart result={result.value} />
      {save.problem && <ProblemBox problem={save.problem} onDismiss={save.clear} />}
      {saved && (
        <p className="jp-recrate-quiet" role="status">
          {trans.__('Written to %1', saved)}
        </p>
      )}
    </>
  );
}

/** Whether some output differed between the person's own runs. */
function hasChance(room: ISessionRoom): boolean {
  return room.model.tallies().some(({ tally }) => (tally?.coverage.unstable ?? 0) > 0);
}

/** Who saw it, and what they say. */
function Witnessed({ result }: { result: ReplayResult }): React.ReactElement | null {
  const trans = useWords();
  const { witness } = result;
  if (!witness) {
    return null;
  }
  const { name, affiliation } = witness.reviewer;
  const sign = { confirms: 'identical', doubts: 'different', undecided: 'note' }[witness.opinion];
  return (
    <section className="jp-recrate-Opinion-said" aria-label={trans.__('Your opinion')}>
      <p>
        <Shape of={sign} /> <strong>{opinionWord(trans, witness.opinion)}</strong>{' '}
        <span className="jp-recrate-quiet">
          {[name || trans.__('Anonymous reviewer'), affiliation]
            .filter((one): one is string => !!one)
            .map(visible)
            .join(trans.__(', '))}
        </span>
      </p>
      {witness.statement && <blockquote>{witness.statement}</blockquote>}
    </section>
  );
}

/** What is not judged, notebook by notebook, as the server says it. */
function Apart({ result }: { result: ReplayResult }): React.ReactElement | null {
  const trans = useWords();
  const notes = [
    ...(result.witness?.notes ?? []).map(note => ({ path: '', note })),
    ...result.notebooks.flatMap(({ path, notes = [] }) => notes.map(note => ({ path, note })))
  ];
  if (notes.length === 0) {
    return null;
  }
  return (
    <Disclosure title={trans.__('How it was run')} initially={notes.length < 12}>
      <ul>
        {notes.map(({ path, note }, at) => (
          <li key={at}>
            {path && <span className="jp-recrate-quiet">{visible(path)} </span>}
            {visible(saidWords(trans, note))}
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}

/** Write the run crate beside the study, under the first name that is free. */
async function written(api: Api, id: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    try {
      return (await api.exportRun(id, verdictPath(id, number))).path;
    } catch (error) {
      if (Problem.from(error).reason !== 'conflict' || number >= NAMES_TRIED) {
        throw error;
      }
    }
  }
}
