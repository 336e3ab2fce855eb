import { createContext, useContext } from 'react';

import { useSignal } from '../ui';
import type { ISubject } from './model';
import type { PublishSession } from './session';

/** What the room is about, and what the place it stands in can do for it. */
export interface IPublishing {
  session: PublishSession;
  subject: ISubject;
  /** What is published now; another one after it was packed again. */
  identity: string | null;
  /** It cannot be published as it is now; the reasons stand above. */
  isBlocked: boolean;
  /** Go to where the description is written. */
  describe: (() => void) | null;
  /** Show the crate's file in the file browser. */
  show: (() => void) | null;
}

export const PublishContext = createContext<IPublishing | null>(null);

/** Return what is being published; the component is drawn again when its session changes. */
export function usePublishing(): IPublishing {
  const publishing = useContext(PublishContext);
  if (!publishing) {
    throw new Error('not inside the room Publish');
  }
  useSignal(publishing.session.changed);
  return publishing;
}
