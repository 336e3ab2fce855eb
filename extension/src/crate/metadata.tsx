import React, { useState } from 'react';

import type { CrateOverview } from '../api';
import { Button, Disclosure, EmptyState } from '../ui';
import { useWords } from '../words';
import { CopyButton } from './copy';
import { visible, visibleLines } from './model';

interface IEntity {
  id: string;
  type: string;
  name: string;
  properties: [name: string, value: unknown][];
}

/** The JSON-LD document, entity by entity, and as it is written. */
export function Metadata({ crate }: { crate: CrateOverview }): React.ReactElement {
  const trans = useWords();
  const [shown, setShown] = useState(200);
  if (!crate.metadata) {
    return (
      <EmptyState title={trans.__('The metadata are too large to be shown here')}>
        {trans.__('Unpack the crate and open ro-crate-metadata.json in an editor.')}
      </EmptyState>
    );
  }
  const entities = entitiesOf(crate.metadata as Record<string, unknown>);
  const raw = JSON.stringify(crate.metadata, null, 2);
  return (
    <div className="jp-recrate-Pad jp-recrate-CrateMetadata">
      <div className="jp-recrate-Actions">
        <CopyButton text={raw}>{trans.__('Copy the JSON-LD')}</CopyButton>
      </div>
      {entities.slice(0, shown).map((entity, at) => (
        <Disclosure
          key={at}
          title={`${visible(entity.name || entity.id)} — ${visible(entity.type)}`}
          initially={at === 0}
        >
          <dl className="jp-recrate-Facts">
            {entity.properties.map(([name, value]) => (
              <React.Fragment key={name}>
                <dt>{visible(name)}</dt>
                <dd>
                  <Value value={value} />
                </dd>
              </React.Fragment>
            ))}
          </dl>
        </Disclosure>
      ))}
      {entities.length > shown && (
        <div className="jp-recrate-Actions">
          <Button onClick={() => setShown(shown + 500)}>
            {trans._n('Show %1 more', 'Show %1 more', Math.min(500, entities.length - shown))}
          </Button>
        </div>
      )}
      <Disclosure title={trans.__('As it is written')}>
        <pre className="jp-recrate-Text">{visibleLines(raw.slice(0, 500000))}</pre>
      </Disclosure>
    </div>
  );
}

function Value({ value }: { value: unknown }): React.ReactElement {
  const every = Array.isArray(value) ? value : [value];
  return (
    <>
      {every.slice(0, 100).map((one, at) => (
        <div key={at}>{visible(textOf(one))}</div>
      ))}
      {every.length > 100 && <div>… {every.length - 100}</div>}
    </>
  );
}

function textOf(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const id = (value as { '@id'?: unknown } | null)?.['@id'];
  return typeof id === 'string' ? `→ ${id}` : JSON.stringify(value);
}

/** The root first, then as the document has them; what is no entity is left out. */
function entitiesOf(document: Record<string, unknown>): IEntity[] {
  const graph = Array.isArray(document['@graph']) ? document['@graph'] : [];
  const found = graph
    .filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null)
    .map(one => ({
      id: String(one['@id'] ?? ''),
      type: [one['@type']].flat().map(String).join(', '),
      name: typeof one['name'] === 'string' ? one['name'] : '',
      properties: Object.entries(one).filter(([name]) => name !== '@type')
    }));
  const root = found.filter(one => one.id === './');
  return [...root, ...found.filter(one => one.id !== './')];
}
