import React, { useEffect, useRef } from 'react';

import { isUnderWay, type Deposited, type PublishPlace, type PublishResult } from '../api';
import { Disclosure, ProblemBox, useAsk, useRecrate, useSignal, Waiting, type IAsked } from '../ui';
import { useWords, type Words } from '../words';
import { Chosen } from './chosen';
import { PublishContext, usePublishing, type IPublishing } from './context';
import { Deposits } from './deposits';
import { Done } from './done';
import { others } from './model';
import { Places } from './places';
import { Running } from './running';
import { placeTitle } from './words';

/** From the choice of a repository to the DOI, for a crate or a verdict. */
export function PublishRoom(props: {
  publishing: IPublishing;
  /** Other ways to publish, beside the places. */
  children?: React.ReactNode;
  /** What is shown where there is no place at all. */
  none?: React.ReactNode;
}): React.ReactElement {
  const { session } = props.publishing;
  useSignal(session.changed);
  return (
    <PublishContext.Provider value={props.publishing}>
      <div className="jp-recrate-Publish">
        {session.isReady && <Inside none={props.none}>{props.children}</Inside>}
      </div>
    </PublishContext.Provider>
  );
}

/** What there is to show now: the places, what came of the last job, what was given before. */
function useNow() {
  const { api } = useRecrate();
  const { session, subject, identity } = usePublishing();
  const { work } = session;
  const places = useAsk(signal => api.listPlaces({ signal }), [api]);
  const deposits = useAsk(
    async signal => {
      const wanted = subject.run ? { run: subject.run } : { path: subject.path };
      return subject.path || subject.run ? api.listDeposits(wanted, { signal }) : [];
    },
    [api, subject.path, subject.run, identity, work.result, work.job?.status, session.changes]
  );
  const isDone = work.job?.status === 'done';
  const isShown = isDone && isOfNow(work.result, identity) && !isGone(work.result, deposits);
  const hasJob = work.job !== null || work.problem !== null || work.isBusy;
  return {
    places,
    deposits,
    result: isShown ? work.result : null,
    isRunning: hasJob && (!isDone || !work.result),
    isNew: useWasUnderWay(work.job ? isUnderWay(work.job) : false)
  };
}

function Inside(props: { children?: React.ReactNode; none?: React.ReactNode }): React.ReactElement {
  const trans = useWords();
  const { session } = usePublishing();
  const { places, deposits, result, isRunning, isNew } = useNow();
  if (!places.value) {
    return places.problem ? (
      <ProblemBox problem={places.problem} onRetry={places.again} />
    ) : (
      <Waiting>{trans.__('Looking which repositories there are')}</Waiting>
    );
  }
  const known = places.value;
  const title = result && titleOf(trans, result.place, known);
  const choice = (
    <Choice places={known} onChanged={places.again}>
      {props.children}
    </Choice>
  );
  return (
    <>
      {isRunning && <Running places={known} />}
      {result && <Done key={result.deposit} {...{ result, isNew }} title={title ?? ''} />}
      {known.length === 0 && props.none}
      {session.work.isBusy ? null : result ? (
        <Disclosure
          title={trans.__('Publish it in another place, too')}
          initially={result.receipt.status === 'draft'}
        >
          <div className="jp-recrate-Publish-Again">{choice}</div>
        </Disclosure>
      ) : (
        choice
      )}
      {deposits.problem && <ProblemBox problem={deposits.problem} onRetry={deposits.again} />}
      <Deposits places={known} deposits={others(deposits.value ?? [], result?.deposit ?? null)} />
    </>
  );
}

/** The places, and what the chosen one asks. */
function Choice(props: {
  places: readonly PublishPlace[];
  onChanged: () => void;
  children?: React.ReactNode;
}): React.ReactElement {
  const { state } = usePublishing().session;
  const chosen = props.places.find(one => one.name === state.place && one.available);
  return (
    <>
      {props.places.length > 0 && <Places places={props.places} />}
      {props.children}
      {chosen && <Chosen key={chosen.name} place={chosen} onPlaceChanged={props.onChanged} />}
    </>
  );
}

function isOfNow(result: PublishResult | null, now: string | null): boolean {
  return result !== null && (now === null || result.identity === now);
}

/** Whether a draft was discarded since. */
function isGone(result: PublishResult | null, { value, busy }: IAsked<Deposited[]>): boolean {
  return !busy && value !== null && !value.some(one => one.mark === result?.deposit);
}

function titleOf(trans: Words, name: string, places: readonly PublishPlace[]): string {
  const found = places.find(one => one.name === name);
  return found ? placeTitle(trans, found) : name;
}

/** Whether something was under way at any time since this is shown. */
function useWasUnderWay(isUnderWay: boolean): boolean {
  const was = useRef(false);
  useEffect(() => {
    was.current ||= isUnderWay;
  }, [isUnderWay]);
  return was.current;
}
