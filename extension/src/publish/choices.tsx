import React from 'react';

import type { PublishPlace } from '../api';
import { Checkbox, useIds } from '../ui';
import { useWords } from '../words';
import { usePublishing } from './context';

/** A new version or a record of its own; a draft or not. */
export function Choices(props: {
  place: PublishPlace;
  earlier: string | null;
}): React.ReactElement | null {
  const trans = useWords();
  const { session } = usePublishing();
  const { capabilities } = props.place;
  const { draft } = session.state;
  return (
    <>
      {capabilities?.versions && props.earlier && <Version earlier={props.earlier} />}
      {capabilities?.drafts && (
        <Checkbox
          label={trans.__('Keep it as a draft for now')}
          hint={trans.__('It is uploaded, and you publish it later from here or there.')}
          checked={draft}
          onChange={checked => session.do({ type: 'draft', draft: checked })}
        />
      )}
    </>
  );
}

function Version({ earlier }: { earlier: string }): React.ReactElement {
  const trans = useWords();
  const ids = useIds();
  const { session } = usePublishing();
  const { apart } = session.state;
  const choice = (isApart: boolean, label: string): React.ReactElement => (
    <label className="jp-recrate-Study-Radio">
      <input
        type="radio"
        name={ids.own}
        checked={apart === isApart}
        onChange={() => session.do({ type: 'apart', apart: isApart })}
      />
      <span>{label}</span>
    </label>
  );
  return (
    <fieldset className="jp-recrate-Publish-Version">
      <legend>{trans.__('An earlier version was published there from here')}</legend>
      {choice(false, trans.__('Publish it as a new version of %1', earlier))}
      {choice(true, trans.__('Publish it as a record of its own'))}
    </fieldset>
  );
}
