import React from 'react';

import { Combobox, useRecrate, type IFieldProps } from '../ui';
import { useWords, type Words } from '../words';

/** A field for an SPDX licence: those recommended for studies first, any other by its name. */
export function LicencePicker(
  props: Omit<IFieldProps, 'label'> & { value: string; onChange: (value: string) => void }
): React.ReactElement {
  const trans = useWords();
  const { api } = useRecrate();
  const meaning = licenceMeaning(trans, props.value.trim());
  return (
    <Combobox
      {...props}
      label={trans.__('Licence')}
      hint={
        meaning ??
        props.hint ??
        trans.__('An SPDX identifier. Without a licence nobody may use the study again.')
      }
      find={async (query, signal) => {
        const found = await api.findLicences(meaning ? '' : query.trim(), 20, { signal });
        return found.map(({ id, name, recommended }) => ({
          value: id,
          label: id,
          detail:
            licenceMeaning(trans, id) ?? (recommended ? trans.__('%1 (recommended)', name) : name)
        }));
      }}
    />
  );
}

/** Return in one sentence what a licence means for those who use the study; null for most. */
export function licenceMeaning(trans: Words, id: string): string | null {
  switch (id) {
    case 'CC-BY-4.0':
      return trans.__('Anybody may use and change it, and must name you. For data and texts.');
    case 'CC0-1.0':
      return trans.__(
        'You give up your rights as far as the law allows: anybody may do anything. For data.'
      );
    case 'MIT':
      return trans.__(
        'Anybody may use and change the code, and must keep your notice. Short and common.'
      );
    case 'BSD-3-Clause':
      return trans.__(
        'Like MIT; besides, nobody may use your name to advertise what they made of it. For code.'
      );
    case 'Apache-2.0':
      return trans.__(
        'Like MIT; besides, it grants rights to patents, and changes must be marked. For code.'
      );
    default:
      return null;
  }
}
