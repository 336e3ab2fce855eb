import React, { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import { isUnderWay, type Job, type ReplayResult } from '../api';
import { reviewIcon } from '../icons';
import { useRemembered } from '../state';
import {
  Button,
  EmptyState,
  ProblemBox,
  useAsk,
  useFollowing,
  useRecrate,
  useSignal,
  useWatched,
  Waiting
} from '../ui';
import { numberWords, useWords } from '../words';
import { Detail } from './detail';
import { Head } from './head';
import type { IJumper } from './jump';
import { OutputList } from './list';
import { EVERYTHING, keyOf, ReviewModel, type IReviewFilter } from './model';
import { Pages, type IGround } from './pages';

export interface IReviewProps {
  /** The id of the run's job. */
  id: string;
  ground: IGround;
  jumper: IJumper | null;
  onNamed: (name: string) => void;
  /** Show the run itself: it has no outputs yet. */
  onRun: (id: string) => void;
}

/** The review of a run: every output, recorded beside rerun. */
export function Review(props: IReviewProps): React.ReactElement {
  const trans = useWords();
  const { jobs } = useRecrate();
  const following = useFollowing(jobs, props.id);
  const job = following?.job ?? null;
  const name = job ? job.title || job.subject : '';
  useEffect(() => {
    if (name) {
      props.onNamed(name);
    }
  }, [name]);
  if (!job) {
    return following?.problem ? (
      <div className="jp-recrate-Pad">
        <ProblemBox problem={following.problem} />
      </div>
    ) : (
      <Waiting>{trans.__('Asking the server…')}</Waiting>
    );
  }
  if (job.status !== 'done') {
    return (
      <EmptyState
        icon={reviewIcon}
        title={
          isUnderWay(job)
            ? trans.__('This run is still going on')
            : trans.__('This run did not come to a verdict')
        }
        action={<Button onClick={() => props.onRun(job.id)}>{trans.__('Show the run')}</Button>}
      >
        {trans.__('Its outputs can be reviewed once it has a verdict.')}
      </EmptyState>
    );
  }
  return <Judged {...props} job={job} />;
}

interface IKept {
  [key: string]: string | string[] | null;
  verdicts: string[];
  notebook: string;
  key: string | null;
}

function Judged(props: IReviewProps & { job: Job }): React.ReactElement {
  const trans = useWords();
  const { api, jobs } = useRecrate();
  const { id, job } = props;
  const model = useMemo(() => new ReviewModel(api, id), [api, id]);
  const pages = useMemo(() => new Pages(api, id), [api, id]);
  useEffect(() => () => model.dispose(), [model]);
  useSignal(model.changed);
  const [kept, keep, ready] = useRemembered<IKept>(`review:${id}`, { ...EVERYTHING, key: null });
  useEffect(() => {
    if (ready) {
      const { verdicts, notebook } = kept;
      void model.begin({ verdicts, notebook } as IReviewFilter, kept.key);
    }
  }, [model, ready]);
  const key = model.selected && keyOf(model.selected);
  useEffect(() => {
    if (key !== null) {
      keep({ ...model.filter, key });
    }
  }, [key, model.filter]);
  const judged = useWatched(
    jobs.changed,
    (one: Job) => one.status === 'done' && (one.parent === id || one.id === id)
  );
  useEffect(() => {
    if (judged > 0) {
      pages.forget();
      void model.again();
    }
  }, [judged]);
  const result = useAsk(
    async signal => (await api.readResult(id, { signal })) as ReplayResult,
    [id, judged]
  );
  if (model.problem) {
    return (
      <div className="jp-recrate-Pad">
        <ProblemBox problem={model.problem} onRetry={() => void model.again()} />
      </div>
    );
  }
  if (!model.page) {
    return <Waiting>{trans.__('Fetching the outputs…')}</Waiting>;
  }
  return (
    <Work {...props} job={job} model={model} pages={pages} judged={judged} result={result.value} />
  );
}

interface IWorkProps extends IReviewProps {
  job: Job;
  model: ReviewModel;
  pages: Pages;
  judged: number;
  result: ReplayResult | null;
}

function Work(props: IWorkProps): React.ReactElement {
  const trans = useWords();
  const { model, job } = props;
  const [decided, setDecided] = useState<{ job: Job; key: string } | null>(null);
  const { jobs } = useRecrate();
  const judging = useFollowing(jobs, decided?.job.id ?? null, decided?.job)?.job ?? null;
  const box = useRef<HTMLDivElement>(null);
  const onKey = useKeys(model, box);
  useSignal(props.ground.changed);
  const { selected, index } = model;
  const isPending = judging !== null && isUnderWay(judging);
  if (model.page?.all === 0) {
    return (
      <div className="jp-recrate-Review">
        <Head {...props} judging={judging} />
        <EmptyState icon={reviewIcon} title={trans.__('There is nothing to compare')}>
          {trans.__('No output was recorded, and the replay gave none.')}
        </EmptyState>
      </div>
    );
  }
  return (
    <div
      ref={box}
      className="jp-recrate-Review"
      onKeyDownCapture={event => {
        if (!isTyping(event.target) && !hasModifier(event) && onKey(event.key, event.target)) {
          event.preventDefault();
          event.stopPropagation();
        }
      }}
    >
      <Head {...props} judging={judging} />
      <div className="jp-recrate-Review-body">
        <OutputList model={model} onFilter={part => void model.narrow(part)} />
        <section
          className="jp-recrate-Review-main"
          data-ground={props.ground.theme}
          aria-label={trans.__('The chosen output')}
        >
          <Steps model={model} />
          {selected && (
            <Detail
              row={selected}
              next={index === null ? undefined : model.itemAt(index + 1)}
              job={job}
              pages={props.pages}
              ground={props.ground}
              jumper={props.jumper}
              judged={props.judged}
              onKey={key => onKey(key, null)}
              isPending={isPending && decided?.key === keyOf(selected)}
              onJudging={(job, row) => setDecided({ job, key: keyOf(row) })}
            />
          )}
        </section>
      </div>
    </div>
  );
}

/** Where one is among the outputs, and the ways on. */
function Steps({ model }: { model: ReviewModel }): React.ReactElement {
  const trans = useWords();
  const { index, total, left } = model;
  return (
    <div className="jp-recrate-Review-steps">
      <Button
        disabled={index === 0 || total === 0}
        title={trans.__('Up, or k')}
        onClick={() => void model.step(-1)}
      >
        {trans.__('Previous')}
      </Button>
      <Button
        disabled={index === total - 1 || total === 0}
        title={trans.__('Down, or j')}
        onClick={() => void model.step(1)}
      >
        {trans.__('Next')}
      </Button>
      <Button
        disabled={left === 0}
        title={left === 0 ? trans.__('No difference is left.') : trans.__('n')}
        onClick={() => void model.nextDifference()}
      >
        {trans.__('Next difference')}
      </Button>
      <span className="jp-recrate-quiet">
        {index !== null && trans.__('%1 of %2', numberWords(index + 1), numberWords(total))}
      </span>
    </div>
  );
}

/** Return what a key does; true when it did something. The list keeps the focus it had. */
function useKeys(
  model: ReviewModel,
  box: React.RefObject<HTMLElement>
): (key: string, target: EventTarget | null) => boolean {
  return useCallback(
    (key, target) => {
      const inList = target instanceof Element && target.closest('.jp-recrate-List') !== null;
      const way = { j: 1, k: -1, ...(inList && { ArrowDown: 1, ArrowUp: -1 }) }[key];
      let done: Promise<unknown>;
      if (way === 1 || way === -1) {
        done = model.step(way);
      } else if (key === 'n') {
        done = model.nextDifference();
      } else {
        return false;
      }
      if (inList) {
        void done.then(() => focusRow(box.current, () => model.index));
      }
      return true;
    },
    [model, box]
  );
}

/** Put the focus on the list's current row, once the list has scrolled to it and drawn it. */
function focusRow(box: HTMLElement | null, index: () => number | null, tries = 10): void {
  requestAnimationFrame(() => {
    const row = box?.querySelector<HTMLElement>(`.jp-recrate-List [data-row="${index()}"]`);
    row?.focus({ preventScroll: true });
    if ((!row || document.activeElement !== row) && tries > 0) {
      focusRow(box, index, tries - 1);
    }
  });
}

function isTyping(target: EventTarget): boolean {
  return target instanceof Element && target.matches('input, textarea, select, [contenteditable]');
}

function hasModifier(event: React.KeyboardEvent): boolean {
  return event.ctrlKey || event.altKey || event.metaKey;
}
