import React from 'react';

import { Button } from '../ui';
import { useWords } from '../words';
import { NO_CREATOR, type Creator, type Item, type Manager } from './common_model';
import { Both, Choice, Line, type IRecord } from './common_fields';
import { MANAGERS } from './common_values';
import { useGoTo } from './focus';
import { PEOPLE, PLACES, RORS, useLookUp } from './lookup';
import { creatorTaken, hostingTaken, officeTaken, type FoundPlace } from './lookup_taken';
import { replaced, without } from './model';
import { useSome } from './some';

/** Item 14; nobody named means those who made the study. */
export function DataCreators({ of }: { of: IRecord<Item> }): React.ReactElement {
  const trans = useWords();
  const { creators } = of.value;
  const { box, goTo } = useGoTo();
  const some = useSome(creators.length);
  const put = (next: Creator[], wanted: string): void => {
    goTo(wanted);
    if (next.length > creators.length) {
      some.upTo(next.length);
    }
    of.put({ creators: next });
  };
  return (
    <div className="jp-recrate-Common-Rows" ref={box}>
      <p className="jp-recrate-quiet">
        {creators.length
          ? trans.__('Only these people made this data set.')
          : trans.__('Nobody is named: who made the study made the data.')}
      </p>
      {creators.slice(0, some.shown).map((one, at) => (
        <DataCreator
          key={at}
          at={at}
          of={{
            owner: 'creator',
            here: `${of.here}.creators.${at}`,
            value: one,
            put: change => of.put({ creators: replaced(creators, at, { ...one, ...change }) })
          }}
          onRemove={() => put(without(creators, at), '[data-add] button')}
        />
      ))}
      {some.more}
      <div className="jp-recrate-Actions" data-add>
        <Button
          onClick={() => put([...creators, NO_CREATOR], `[data-row="${creators.length}"] input`)}
        >
          {trans.__('Name somebody else')}
        </Button>
      </div>
    </div>
  );
}

function DataCreator(props: {
  at: number;
  of: IRecord<Creator>;
  onRemove: () => void;
}): React.ReactElement {
  const trans = useWords();
  const { at, of } = props;
  const name = of.value.name_en || of.value.name_ja;
  const person = useLookUp(PEOPLE, name, found => of.put(creatorTaken(of.value, found)));
  return (
    <section
      data-row={at}
      className="jp-recrate-Common-Row"
      aria-label={trans.__('Data creator %1', at + 1)}
    >
      <div className="jp-recrate-Common-Row-head">
        <h4>{trans.__('Data creator %1', at + 1)}</h4>
        <Button look="quiet" label={trans.__('Remove %1', name || at + 1)} onClick={props.onRemove}>
          {trans.__('Remove')}
        </Button>
      </div>
      <Both of={of} name="name" aside={person.button} />
      {person.results}
      <Both of={of} name="affiliation" />
      <div className="jp-recrate-Common-Sides">
        <Line of={of} name="number" placeholder="20123456" />
      </div>
    </section>
  );
}

/** Items 15 and 16: who keeps the data, and who answers for them. */
export function Institution({ of }: { of: IRecord<Item> }): React.ReactElement {
  const item = of.value;
  const take = (found: FoundPlace): void => of.put(hostingTaken(item, found));
  const place = useLookUp(PLACES, item.hosting_en || item.hosting_ja, take);
  const which = useLookUp(RORS, item.hosting_ror, take);
  return (
    <>
      <Both of={of} name="hosting" aside={place.button} />
      <div className="jp-recrate-Common-Sides">
        <Line
          of={of}
          name="hosting_ror"
          placeholder="https://ror.org/04ksd4g47"
          aside={which.button}
        />
      </div>
      {place.results}
      {which.results}
      <ManagerFields
        of={{
          owner: 'manager',
          here: `${of.here}.manager`,
          value: item.manager,
          put: change => of.put({ manager: { ...item.manager, ...change } })
        }}
      />
    </>
  );
}

function ManagerFields({ of }: { of: IRecord<Manager> }): React.ReactElement {
  const trans = useWords();
  const manager = of.value;
  const isOffice = manager.kind === 'organization';
  const known = manager.organisation_en || manager.organisation_ja;
  const office = useLookUp(PLACES, known, found => of.put(officeTaken(manager, found)));
  return (
    <>
      <div className="jp-recrate-Common-Sides">
        <Choice of={of} name="kind" answers={MANAGERS} />
        {!isOffice && <Line of={of} name="number" placeholder="20123456" />}
      </div>
      {!isOffice && <Both of={of} name="name" />}
      <Both of={of} name="organisation" aside={office.button} />
      {office.results}
      <p className="jp-recrate-quiet">
        {trans.__(
          'To be reached by a mail address, or by organisation, postal address and telephone number together.'
        )}
      </p>
      <div className="jp-recrate-Common-Sides">
        <Line of={of} name="email" type="email" />
        <Line of={of} name="telephone" placeholder="03-0000-0000" />
      </div>
      <Both of={of} name="address" />
    </>
  );
}
