import { createContext, useContext } from 'react';

import { useSignal } from '../ui';
import type { StudySession } from './session';

export const SessionContext = createContext<StudySession | null>(null);

/** Return the study that the component is inside of; it is drawn again when that changes. */
export function useSession(): StudySession {
  const session = useContext(SessionContext);
  if (!session) {
    throw new Error('not inside a study');
  }
  useSignal(session.changed);
  return session;
}
