import type { ISignal } from '@lumino/signaling';

import type { ILab } from '../pack/lab';
import type { Announcer } from './announcer';
import type { SessionModel } from './model';
import type { Runner } from './runner';

/** What the views of a session stand on. */
export interface ISessionRoom {
  readonly model: SessionModel;
  readonly runner: Runner;
  readonly announcer: Announcer;
  readonly lab: Pick<ILab, 'goTo' | 'save' | 'unsaved' | 'download' | 'run' | 'language'>;
  /** Open a notebook, and bring the mark of a cell into sight. */
  readonly reveal: (path: string, id: string) => Promise<void>;
  /** Contents path of the notebook in front; null where another document is. */
  readonly inFront: () => string | null;
  /** The notebook in front is another one. */
  readonly moved: ISignal<unknown, unknown> | null;
  /** How Run all & compare is called by keyboard; empty where it is not. */
  readonly keys: string;
}
