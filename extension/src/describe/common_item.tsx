import React from 'react';

import { Disclosure } from '../ui';
import { useWords } from '../words';
import { tally, type Item } from './common_model';
import { DataCreators, Institution } from './common_people';
import { Both, Choice, Line, SizeField, Tally, type IRecord } from './common_fields';
import { FilesOfData } from './common_files';
import {
  ACCESS_RIGHTS,
  DATA_FIELDS,
  DATA_TYPES,
  FILE_TYPES,
  LICENCES,
  METADATA_ACCESS,
  POLICIES
} from './common_values';
import { useForm } from './form';

/** Items 4 to 17 of one data set, in the groups in which researchers know them. */
export function DataSet(props: {
  at: number;
  item: Item;
  files: readonly string[];
  isOpen: boolean;
  onChange: (change: Partial<Item>) => void;
}): React.ReactElement {
  const trans = useWords();
  const { at, item } = props;
  const of: IRecord<Item> = {
    owner: 'item',
    here: `common.items.${at}`,
    value: item,
    put: props.onChange
  };
  return (
    <>
      <Group
        of={of}
        title={trans.__('What the data are (items 4 to 10)')}
        keys={WHAT}
        initially={props.isOpen}
      >
        <What of={of} files={props.files} />
      </Group>
      <Group of={of} title={trans.__('Use and access (items 11 and 12)')} keys={USE}>
        <Use of={of} />
      </Group>
      <Group of={of} title={trans.__('Repository (item 13)')} keys={PLACE}>
        <Place of={of} />
      </Group>
      <Group of={of} title={trans.__('Data creators (item 14)')} keys={['creators']}>
        <DataCreators of={of} />
      </Group>
      <Group
        of={of}
        title={trans.__('Hosting institution and data manager (items 15 and 16)')}
        keys={INSTITUTION}
      >
        <Institution of={of} />
      </Group>
      <Group of={of} title={trans.__('Remarks (item 17)')} keys={['remarks_ja', 'remarks_en']}>
        <Both of={of} name="remarks" rows={3} />
      </Group>
    </>
  );
}

const WHAT = [
  'number', 'title_ja', 'title_en', 'issued', 'description_ja', 'description_en', 'field',
  'data_type', 'size', 'file_type', 'files'
]; // prettier-ignore
const USE = [
  'policy', 'licence', 'citation_ja', 'citation_en', 'access', 'available', 'metadata_access'
]; // prettier-ignore
const PLACE = [
  'repository_ja', 'repository_en', 'repository_link', 'publication_link', 'dataset_link'
]; // prettier-ignore
const INSTITUTION = ['hosting_ja', 'hosting_en', 'hosting_ror', 'manager'];

function Group(props: {
  of: IRecord<Item>;
  title: string;
  keys: readonly string[];
  initially?: boolean;
  children: React.ReactNode;
}): React.ReactElement {
  const { complaints } = useForm();
  return (
    <Disclosure
      initially={props.initially}
      title={props.title}
      aside={<Tally of={tally(complaints, props.of.here, props.keys)} />}
    >
      <div className="jp-recrate-Common-Fields">{props.children}</div>
    </Disclosure>
  );
}

function What(props: { of: IRecord<Item>; files: readonly string[] }): React.ReactElement {
  const { of } = props;
  return (
    <>
      <div className="jp-recrate-Common-Sides">
        <Line of={of} name="number" />
        <Line of={of} name="issued" type="date" />
      </div>
      <Both of={of} name="title" />
      <Both of={of} name="description" rows={4} />
      <div className="jp-recrate-Common-Sides">
        <Choice of={of} name="field" answers={DATA_FIELDS} />
        <Choice of={of} name="data_type" answers={DATA_TYPES} />
        <SizeField of={of} />
        <Choice of={of} name="file_type" answers={FILE_TYPES} optional />
      </div>
      <FilesOfData of={of} files={props.files} />
    </>
  );
}

function Use({ of }: { of: IRecord<Item> }): React.ReactElement {
  const trans = useWords();
  return (
    <>
      <div className="jp-recrate-Common-Sides">
        <Choice of={of} name="policy" answers={POLICIES} />
        <Choice of={of} name="licence" answers={LICENCES} />
      </div>
      <Both
        of={of}
        name="citation"
        rows={2}
        hint={trans.__('How whoever uses the data is to name them.')}
      />
      <div className="jp-recrate-Common-Sides">
        <Choice of={of} name="access" answers={ACCESS_RIGHTS} />
        {(of.value.access === 'embargoed access' || of.value.available) && (
          <Line of={of} name="available" type="date" />
        )}
        <Choice of={of} name="metadata_access" answers={METADATA_ACCESS} />
      </div>
    </>
  );
}

function Place({ of }: { of: IRecord<Item> }): React.ReactElement {
  return (
    <>
      <Both of={of} name="repository" />
      <div className="jp-recrate-Common-Sides">
        <Line of={of} name="repository_link" placeholder="https://doi.org/10.5281/zenodo.1234567" />
        <Line of={of} name="publication_link" placeholder="10.1234/abcd" />
        <Line of={of} name="dataset_link" placeholder="10.5281/zenodo.1234567" />
      </div>
    </>
  );
}
