import React, { useCallback, useMemo, useState } from 'react';

import type { CrateOverview } from '../api';
import { Disclosure, EmptyState, TextInput, WindowedList } from '../ui';
import { useWords, type Words } from '../words';
import { visible, visibleLines } from './model';

type Package = { name: string; version: string };
const keyOf = (one: Package): string => one.name;

/** What the study needs in order to run: the lock. */
export function Environment({ crate }: { crate: CrateOverview }): React.ReactElement {
  const trans = useWords();
  const lock = crate.environment;
  const [wanted, setWanted] = useState('');
  const names = useMemo(
    () => (lock?.names ?? []).filter(one => one.name.includes(wanted.trim().toLowerCase())),
    [lock, wanted]
  );
  const itemAt = useCallback((index: number) => names[index], [names]);
  if (!lock) {
    return (
      <EmptyState title={trans.__('This crate has no lock')}>
        {trans.__(
          'A replay works out the packages from the code, as they were on the crate’s date.'
        )}
      </EmptyState>
    );
  }
  return (
    <div className="jp-recrate-CrateEnvironment">
      <div className="jp-recrate-Pad jp-recrate-CrateLock">
        <p>
          <strong>{`${lock.language} ${lock.python}`.trim()}</strong>
          {' · '}
          {trans._n('%1 package', '%1 packages', lock.packages)}
          {lock.as_of && <> · {trans.__('as of %1', lock.as_of)}</>}
        </p>
        <p className="jp-recrate-quiet">{sourceSentence(trans, lock.source)}</p>
        {(lock.notes ?? []).map(note => (
          <p key={note} className="jp-recrate-quiet">
            {visible(note)}
          </p>
        ))}
        {(lock.system_packages ?? []).length > 0 && (
          <p>
            {trans.__('System packages: %1', (lock.system_packages ?? []).map(visible).join(', '))}
          </p>
        )}
        {lock.dockerfile && (
          <Disclosure title={trans.__('Dockerfile')}>
            <pre className="jp-recrate-Text">{visibleLines(lock.dockerfile)}</pre>
          </Disclosure>
        )}
        <TextInput label={trans.__('Find a package')} value={wanted} onChange={setWanted} />
      </div>
      <div className="jp-recrate-CrateEnvironment-list">
        <WindowedList
          label={trans.__('Packages')}
          total={names.length}
          itemAt={itemAt}
          keyOf={keyOf}
          rowHeight={26}
          renderRow={one => (
            <div className="jp-recrate-CratePackage">
              <span>{visible(one.name)}</span>
              <span>{visible(one.version)}</span>
            </div>
          )}
        />
      </div>
    </div>
  );
}

function sourceSentence(trans: Words, source: string): string {
  switch (source) {
    case 'kernel':
      return trans.__('Locked from what the author’s kernel had installed.');
    case 'declared':
      return trans.__('Locked from what the study declares.');
    case 'inferred':
      return trans.__('Worked out from what the code imports.');
    default:
      return trans.__('Locked from what the study declares and what its code imports.');
  }
}
