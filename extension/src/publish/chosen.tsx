import React, { useReducer } from 'react';

import type { PublishPlace } from '../api';
import { useWords } from '../words';
import { Choices } from './choices';
import { usePublishing } from './context';
import { Deed } from './deed';
import { Foreseen } from './foreseen';
import { standing } from './model';
import { Options } from './options';
import { usePreflight } from './preflight';
import { Token } from './token';
import { placeTitle } from './words';

/** Everything between the choice of a place and the deed. */
export function Chosen(props: {
  place: PublishPlace;
  onPlaceChanged: () => void;
}): React.ReactElement {
  const trans = useWords();
  const { subject } = usePublishing();
  const { place } = props;
  const [tokensGiven, another] = useReducer((count: number) => count + 1, 0);
  const seen = usePreflight(place, tokensGiven);
  const onToken = (): void => {
    another();
    props.onPlaceChanged();
  };
  const how = seen.value ? standing(seen.value) : 'fresh';
  return (
    <section className="jp-recrate-Publish-Chosen" aria-label={placeTitle(trans, place)}>
      <h2>{placeTitle(trans, place)}</h2>
      <Token place={place} onChanged={onToken} />
      <Options place={place} />
      {subject.run !== null && place.capabilities && (
        <p className="jp-recrate-Publish-Relation">
          {place.capabilities.relations
            ? trans.__(
                'The record of the verdict names the crate by its DOI. Where the record of the crate can be edited from here, it names the verdict, too; else the verdict is announced to its repository.'
              )
            : trans.__(
                'The record of the verdict names the crate by its DOI. The verdict is announced to the repository of the crate, where that can be told.'
              )}
        </p>
      )}
      {(how === 'fresh' || how === 'unfinished') && (
        <Choices place={place} earlier={how === 'fresh' ? seen.earlier : null} />
      )}
      {(subject.path || subject.run) && <Foreseen place={place} seen={seen} />}
      <Deed place={place} seen={seen} />
    </section>
  );
}
