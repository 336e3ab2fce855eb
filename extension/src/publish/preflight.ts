import { useEffect, useState } from 'react';

import type { Preflight, PublishPlace } from '../api';
import { useAsk, useRecrate, type IAsked } from '../ui';
import { usePublishing } from './context';
import { given, missing, told } from './model';

const PAUSE = 600;

export interface IForeseen extends IAsked<Preflight> {
  /** The record that this becomes a new version of; null for a record of its own. */
  newVersionOf: string | null;
  /** The record that it could be a new version of. */
  earlier: string | null;
  /** Something must be answered before the repository can be asked. */
  isOpen: boolean;
}

/**
 * Ask a place what it would refuse, as soon as enough is answered, and anew with each answer.
 *
 * tokensGiven: how often another token was given
 */
export function usePreflight(place: PublishPlace, tokensGiven: number): IForeseen {
  const { api } = useRecrate();
  const { session, subject, identity } = usePublishing();
  const { state } = session;
  const answers = given(state, place.name);
  const isOpen = missing(place, answers).length > 0;
  const [earlier, setEarlier] = useState<string | null>(null);
  const newVersionOf = state.apart ? null : earlier;
  const body = {
    ...subject,
    answers: told(place, answers),
    draft: state.draft,
    new_version_of: newVersionOf
  };
  const question = useSettled(JSON.stringify(body), PAUSE);
  const asked = useAsk<Preflight | null>(
    async signal => {
      if (isOpen || (!subject.path && !subject.run)) {
        return null; // nothing is packed yet
      }
      const seen = await api.checkDeposit(place.name, JSON.parse(question) as typeof body, {
        signal
      });
      if (place.capabilities?.versions) {
        setEarlier(seen.earlier);
      }
      return seen;
    },
    [
      api,
      place.name,
      place.has_token,
      tokensGiven,
      isOpen,
      question,
      identity,
      session.work.result,
      session.work.job?.status,
      session.changes
    ]
  );
  const isStale = question !== JSON.stringify(body);
  return { ...asked, busy: asked.busy || isStale, newVersionOf, earlier, isOpen };
}

/** Return a text once it has not changed for a moment; the first at once. */
function useSettled(text: string, pause: number): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    if (text === settled) {
      return;
    }
    const timer = setTimeout(() => setSettled(text), pause);
    return () => clearTimeout(timer);
  }, [text, settled, pause]);
  return settled;
}
