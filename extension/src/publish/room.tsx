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

function Inside(props: { children?: React.ReactNode; none?: React.ReactNode }): React.ReactElement {
  const trans = useWords();
  const { api } = useRecrate();
  const { session, subject, identity } = usePublishing();
  const { work, state } = session;
  const places = useAsk(signal => api.listPlaces({ signal }), [api]);
  const deposits = useAsk(
    async signal => {
      const wanted = subject.run ? { run: subject.run } : { path: subject.path };
      return subject.path || subject.run ? api.listDeposits(wanted, { signal }) : [];
    },
    [api, subject.path, subject.run, identity, work.result, work.job?.status, session.changes]
  );
  const isDone = work.job?.status === 'done';
  const result =
    isDone && isOfNow(work.result, identity) && !isGone(work.result, deposits) ? work.result : null;
  const known = places.value ?? [];
  const chosen = known.find(one => one.name === state.place && one.available) ?? null;
  const isNew = useWasUnderWay(work.job ? isUnderWay(work.job) : false);
  if (!places.value) {
    return places.problem ? (
      <ProblemBox problem={places.problem} onRetry={places.again} />
    ) : (
      <Waiting>{trans.__('Looking which repositories there are')}</Waiting>
    );
  }
  const choice = (
    <>
      <Places places={known} />
      {props.children}
      {chosen && <Chosen key={chosen.name} place={chosen} onPlaceChanged={places.again} />}
    </>
  );
  return (
    <>
      {(!isDone || !work.result) && (work.job || work.problem || work.isBusy) && (
        <Running places={known} />
      )}
      {result && (
        <Done
          key={result.deposit}
          result={result}
          title={titleOf(trans, result.place, known)}
          isNew={isNew}
        />
      )}
      {known.length === 0 && props.none}
      {work.isBusy ? null : result ? (
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
