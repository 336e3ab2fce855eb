import React from 'react';

import {
  Button,
  Disclosure,
  ProblemBox,
  Shape,
  TextArea,
  TextInput,
  useDeed,
  useSignal,
  Waiting
} from '../ui';
import { useWords } from '../words';
import { AccessPart, RestrictedFiles } from './access';
import { CommonPart } from './common';
import { Chips, FormProvider, Source, useForm } from './form';
import type { Keeper } from './keeping';
import { LicencePicker } from './licence';
import { Funders, Keywords, RelatedWorks } from './lists';
import { withText, type Language } from './model';
import { Creators } from './people';
import { fieldWord } from './words';

/** Step 2: the form of what people say of a study. */
export function Describe(props: {
  keeper: Keeper;
  /** Files and folders of the study; a folder ends in a slash. */
  files: readonly string[];
}): React.ReactElement {
  const trans = useWords();
  const { keeper } = props;
  useSignal(keeper.changed);
  const { draft, state, problem } = keeper;
  if (!draft) {
    return state === 'unread' && problem ? (
      <ProblemBox problem={problem} onRetry={() => void keeper.open()} />
    ) : (
      <Waiting>{trans.__('Reading what is known of the study')}</Waiting>
    );
  }
  return (
    <FormProvider keeper={keeper} draft={draft}>
      <form
        className="jp-recrate-Study-Step"
        aria-label={trans.__('Description of the study')}
        onSubmit={event => event.preventDefault()}
      >
        <p className="jp-recrate-Study-Lead">
          {trans.__(
            'What is known is filled in. All of it is kept in the study’s own ro-crate-metadata.json while you type.'
          )}
        </p>
        <Clash keeper={keeper} />
        <Words />
        <Creators />
        <Terms />
        <AccessPart />
        <RestrictedFiles files={props.files} />
        <RelatedWorks />
        <Funders />
        <CommonPart files={props.files} />
        <Disclosure title={trans.__('Version and date')}>
          <Dates />
        </Disclosure>
      </form>
    </FormProvider>
  );
}

function Words(): React.ReactElement {
  const trans = useWords();
  return (
    <section className="jp-recrate-Study-Part" aria-label={trans.__('Title and description')}>
      <h2>{trans.__('Title and description')}</h2>
      <div className="jp-recrate-Study-Sides">
        <InLanguage language="ja" />
        <InLanguage language="en" />
      </div>
      <Chips
        fields={[
          'title',
          'title_ja',
          'title_en',
          'description',
          'description_ja',
          'description_en'
        ]}
      />
    </section>
  );
}

function InLanguage({ language }: { language: Language }): React.ReactElement {
  const trans = useWords();
  const { draft, keeper, complaintAt } = useForm();
  const isMain = draft.language === language;
  const part = (text: 'title' | 'description') => {
    const field = `${text}_${language}` as const;
    const own = complaintAt(field);
    return {
      label: fieldWord(trans, field),
      lang: language,
      value: draft[field] ?? '',
      onChange: (value: string) =>
        keeper.edit(withText(keeper.draft ?? draft, text, language, value)),
      aside: (
        <>
          <Source field={field} />
          {isMain && <Source field={text} />}
        </>
      ),
      ...(own.complaint || (draft.language && !isMain) ? own : complaintAt(text))
    };
  };
  return (
    <div className="jp-recrate-Study-Side">
      <TextInput {...part('title')} />
      <TextArea {...part('description')} rows={6} />
    </div>
  );
}

function Terms(): React.ReactElement {
  const trans = useWords();
  const { draft, set, complaintAt } = useForm();
  return (
    <section className="jp-recrate-Study-Part" aria-label={trans.__('Licence and keywords')}>
      <h2>{trans.__('Licence and keywords')}</h2>
      <div className="jp-recrate-Study-Sides">
        <div>
          <LicencePicker
            value={draft.licence ?? ''}
            onChange={licence => set({ licence: licence || null })}
            aside={<Source field="licence" />}
            {...complaintAt('licence')}
          />
          <Chips fields={['licence']} />
        </div>
        <Keywords />
      </div>
    </section>
  );
}

function Dates(): React.ReactElement {
  const trans = useWords();
  const { draft, set, complaintAt } = useForm();
  return (
    <div className="jp-recrate-Study-Grid">
      <TextInput
        label={trans.__('Version')}
        value={draft.version ?? ''}
        onChange={version => set({ version: version || null })}
        aside={<Source field="version" />}
        {...complaintAt('version')}
      />
      <TextInput
        label={trans.__('Date of publication')}
        hint={trans.__('Leave it empty where the crate is not published yet.')}
        type="date"
        value={draft.published ?? ''}
        onChange={published => set({ published: published || null })}
        aside={<Source field="published" />}
        {...complaintAt('published')}
      />
    </div>
  );
}

/** Two people changed the same fields: nothing is written until one side is chosen. */
function Clash({ keeper }: { keeper: Keeper }): React.ReactElement | null {
  const trans = useWords();
  const settle = useDeed((side: 'mine' | 'theirs') => keeper.settle(side));
  if (!keeper.clashing.length) {
    return null;
  }
  const names = [...new Set(keeper.clashing.map(field => fieldWord(trans, field)))];
  return (
    <div className="jp-recrate-Study-Bar" role="alert" data-bar="clash">
      <Shape of="warning" />
      <span className="jp-recrate-Study-Bar-text">
        {trans.__(
          'The same fields were changed elsewhere meanwhile, in another tab or on the disk: %1. Nothing is written until you choose.',
          names.join(', ')
        )}
      </span>
      <Button busy={settle.busy} onClick={() => void settle.run('mine')}>
        {trans.__('Keep what I typed')}
      </Button>
      <Button busy={settle.busy} onClick={() => void settle.run('theirs')}>
        {trans.__('Take what is on the disk')}
      </Button>
    </div>
  );
}

/** Whether what was typed is kept; said aloud when it changes. */
export function KeepStatus({ keeper }: { keeper: Keeper }): React.ReactElement {
  const trans = useWords();
  useSignal(keeper.changed);
  const { state, problem } = keeper;
  if (state === 'failed' && problem) {
    return (
      <ProblemBox problem={problem} onRetry={() => void keeper.flush()}>
        <span className="jp-recrate-quiet">
          {trans.__('What you typed is held here until it is kept; leave this tab open.')}
        </span>
      </ProblemBox>
    );
  }
  const words = {
    reading: trans.__('Reading…'),
    unread: '',
    kept: keeper.isUntouched
      ? trans.__('As it stands in the study')
      : trans.__('Kept in ro-crate-metadata.json'),
    typed: trans.__('Not kept yet…'),
    keeping: trans.__('Keeping…'),
    failed: '',
    conflict: trans.__('Not kept: changed elsewhere, too')
  }[state];
  const shape = { kept: 'done', conflict: 'warning' }[state as string] ?? 'queued';
  return (
    <span className="jp-recrate-Study-Keeping" role="status" data-keeping={state}>
      {words && <Shape of={shape} />}
      {words}
      {keeper.isTakenUp && (
        <span className="jp-recrate-quiet">
          {trans.__('What you typed before was taken up again.')}
        </span>
      )}
    </span>
  );
}
