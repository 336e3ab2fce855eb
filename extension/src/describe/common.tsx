import React, { useRef } from 'react';

import type { Description } from '../api';
import { Button, Checkbox, Shape } from '../ui';
import { useWords } from '../words';
import { begun, tally } from './common_model';
import { FundingOfProject } from './common_award';
import { Tally } from './common_fields';
import { DataSets } from './common_items';
import { PartComplaint, Source, useForm } from './form';
import type { Keeper } from './keeping';

/** What was switched off, so that it can be taken back while the document is open. */
const REMOVED = new WeakMap<Keeper, NonNullable<Description['common']>>();

/** The common metadata items for publicly funded research data; off unless one wants them. */
export function CommonPart({ files }: { files: readonly string[] }): React.ReactElement {
  const trans = useWords();
  const { complaints, draft, keeper, set } = useForm();
  const isOn = Boolean(draft.common);
  const part = useRef<HTMLElement>(null);
  const turn = (on: boolean): void => {
    const now = keeper.draft ?? draft;
    if (on) {
      set({ common: REMOVED.get(keeper) ?? begun(now, keeper.form?.suggestions ?? []) });
      REMOVED.delete(keeper);
    } else if (now.common) {
      REMOVED.set(keeper, now.common);
      set({ common: null });
    }
  };
  return (
    <section
      ref={part}
      className="jp-recrate-Study-Part jp-recrate-Common"
      aria-label={trans.__('Publicly funded research (Japan)')}
    >
      <div className="jp-recrate-Study-Part-head">
        <h2>{trans.__('Publicly funded research (Japan)')}</h2>
        {isOn && <Tally of={tally(complaints, 'common')} />}
        <Source field="common" />
      </div>
      <Checkbox
        label={trans.__('Fill in the common metadata items for publicly funded research data')}
        hint={trans.__(
          'What Japan’s funders ask for: 17 items. What is known already is filled in; repositories that ask for it receive it when you publish.'
        )}
        checked={isOn}
        onChange={turn}
      />
      <div role="status">
        {!isOn && REMOVED.has(keeper) && (
          <Removed
            onUndo={() => {
              part.current?.querySelector<HTMLElement>('input[type=checkbox]')?.focus();
              turn(true);
            }}
          />
        )}
      </div>
      <PartComplaint field="common" />
      {isOn && (
        <>
          <FundingOfProject />
          <DataSets files={files} />
          <Elsewhere />
        </>
      )}
    </section>
  );
}

function Removed({ onUndo }: { onUndo: () => void }): React.ReactElement {
  const trans = useWords();
  return (
    <div className="jp-recrate-Study-Bar">
      <Shape of="warning" />
      <span className="jp-recrate-Study-Bar-text">
        {trans.__(
          'What these items said is removed from the study when the description is kept. You can take it back until you close this document.'
        )}
      </span>
      <Button onClick={onUndo}>{trans.__('Undo')}</Button>
    </div>
  );
}

/** How the items get into other systems without being typed again. */
function Elsewhere(): React.ReactElement {
  const trans = useWords();
  return (
    <p className="jp-recrate-quiet">
      {trans.__('For a form elsewhere, a terminal writes them as a table or as answers:')}{' '}
      <code>recrate metadata STUDY --as common-csv</code>, <code>--as grdm</code>
    </p>
  );
}
