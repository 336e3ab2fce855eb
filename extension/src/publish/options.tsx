import React from 'react';

import type { PlaceOption, PublishPlace } from '../api';
import { Checkbox, Combobox, Disclosure, Select, TextInput, useRecrate } from '../ui';
import { useWords } from '../words';
import { usePublishing } from './context';
import { foldersLike } from './folders';
import { given, values } from './model';
import { choiceWord, optionHelp, optionLabel } from './words';

/** What a place asks; what need not be answered is folded away. */
export function Options({ place }: { place: PublishPlace }): React.ReactElement | null {
  const trans = useWords();
  const needed = place.options.filter(one => one.required);
  const rest = place.options.filter(one => !one.required);
  if (!place.options.length) {
    return null;
  }
  return (
    <div className="jp-recrate-Publish-Options">
      {needed.map(one => (
        <Answer key={one.name} place={place} option={one} />
      ))}
      {rest.length > 0 && (
        <Disclosure
          title={trans.__('More that can be said')}
          aside={rest.length}
          initially={needed.length === 0 && rest.length < 4}
        >
          <div className="jp-recrate-Publish-Options">
            {rest.map(one => (
              <Answer key={one.name} place={place} option={one} />
            ))}
          </div>
        </Disclosure>
      )}
    </div>
  );
}

function Answer(props: { place: PublishPlace; option: PlaceOption }): React.ReactElement {
  const trans = useWords();
  const { api } = useRecrate();
  const { session } = usePublishing();
  const { place, option } = props;
  const value = values(place, given(session.state, place.name))[option.name] ?? '';
  const onChange = (typed: string): void =>
    session.do({ type: 'answer', place: place.name, name: option.name, value: typed });
  const { required } = option;
  const label = optionLabel(option);
  const hint = optionHelp(option) || undefined;
  const common = { label, hint, required, value, onChange };
  switch (option.kind) {
    case 'yes-no':
      return (
        <Checkbox
          {...{ label, hint }}
          checked={value === 'yes'}
          onChange={checked => onChange(checked ? 'yes' : 'no')}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          choices={[
            ...(option.choices.includes(option.value)
              ? []
              : [
                  {
                    value: option.value,
                    label: option.value || trans.__('As the repository has it')
                  }
                ]),
            ...option.choices.map(one => ({
              value: one,
              label: choiceWord(trans, option.name, one)
            }))
          ]}
        />
      );
    case 'folder':
      return <Combobox {...common} find={typed => foldersLike(typed, api.settings)} />;
    default:
      return <TextInput {...common} />;
  }
}
