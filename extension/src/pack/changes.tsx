import React, { useState } from 'react';

import type { Changes } from '../api';
import { Button } from '../ui';
import { useWords } from '../words';

const NAMES_SHOWN = 20;

/** What is another than in the crate that lay there. */
export function Since({ changes }: { changes: Changes }): React.ReactElement {
  const trans = useWords();
  const packages = changes.packages ?? [];
  const fields = changes.description ?? [];
  return (
    <section aria-label={trans.__('Since the last crate')}>
      <h3>{trans.__('Since the last crate')}</h3>
      {changes.same ? (
        <p>{trans.__('Nothing has changed: it is the same crate.')}</p>
      ) : (
        <dl className="jp-recrate-Study-Facts">
          <Names label={trans.__('Added')} names={changes.added} />
          <Names label={trans.__('Removed')} names={changes.removed} />
          <Names label={trans.__('Changed')} names={changes.changed} />
          {changes.python && (
            <Names
              label={trans.__('Python')}
              names={[
                trans.__('%1 → %2', changes.python.before ?? '–', changes.python.after ?? '–')
              ]}
            />
          )}
          <Names
            label={trans.__('Packages')}
            names={packages.map(one =>
              trans.__('%1: %2 → %3', one.name, one.before ?? '–', one.after ?? '–')
            )}
          />
        </dl>
      )}
      {fields.length > 0 && (
        <p className="jp-recrate-quiet">{trans.__('In the description: %1', fields.join(', '))}</p>
      )}
    </section>
  );
}

function Names(props: { label: string; names: readonly string[] }): React.ReactElement | null {
  const trans = useWords();
  const [isAll, setAll] = useState(false);
  const { names } = props;
  if (!names.length) {
    return null;
  }
  const shown = isAll ? names : names.slice(0, NAMES_SHOWN);
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>
        <ul className="jp-recrate-Study-Plain">
          {shown.map(name => (
            <li key={name}>{name}</li>
          ))}
        </ul>
        {names.length > shown.length && (
          <Button look="quiet" onClick={() => setAll(true)}>
            {trans._n('Show %1 more', 'Show %1 more', names.length - shown.length)}
          </Button>
        )}
      </dd>
    </div>
  );
}
