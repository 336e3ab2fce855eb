import React from 'react';

import { Button, Disclosure } from '../ui';
import { useWords } from '../words';
import { NO_AWARD, tally, type Award, type Common } from './common_model';
import { Both, Choice, FunderField, Line, Tally, useCommon, type IRecord } from './common_fields';
import { FIELDS } from './common_values';
import { useGoTo } from './focus';
import { useForm } from './form';
import { replaced, without } from './model';
import { useSome } from './some';

const OF_PROJECT = [...Object.keys(NO_AWARD), 'field', 'additional'];

/** Items 1 to 3: who paid, and for which project. */
export function FundingOfProject(): React.ReactElement {
  const trans = useWords();
  const { complaints } = useForm();
  const common = useCommon();
  return (
    <Disclosure
      initially
      title={trans.__('Funding and project (items 1 to 3)')}
      aside={<Tally of={tally(complaints, 'common', OF_PROJECT)} />}
    >
      <div className="jp-recrate-Common-Fields">
        <AwardFields of={common} />
        <div className="jp-recrate-Common-Sides">
          <Choice of={common} name="field" answers={FIELDS} />
        </div>
        <FurtherAwards of={common} />
      </div>
    </Disclosure>
  );
}

function AwardFields({ of }: { of: IRecord<Common> | IRecord<Award> }): React.ReactElement {
  return (
    <>
      <div className="jp-recrate-Common-Sides">
        <FunderField of={of} />
        <Line of={of} name="award_number" placeholder="JP21H01234" />
        <Line of={of} name="funding_stream" placeholder="MJCR" />
      </div>
      <Both of={of} name="programme" />
      <Both of={of} name="project" />
    </>
  );
}

/** 追加の助成情報: who else paid. */
function FurtherAwards({ of }: { of: IRecord<Common> }): React.ReactElement {
  const trans = useWords();
  const { additional } = of.value;
  const { box, goTo } = useGoTo();
  const some = useSome(additional.length);
  const put = (next: Award[], wanted: string): void => {
    goTo(wanted);
    if (next.length > additional.length) {
      some.upTo(next.length);
    }
    of.put({ additional: next });
  };
  return (
    <div className="jp-recrate-Common-Rows" ref={box}>
      {additional.slice(0, some.shown).map((one, at) => (
        <section
          key={at}
          data-row={at}
          className="jp-recrate-Common-Row"
          aria-label={trans.__('Further grant %1', at + 1)}
        >
          <div className="jp-recrate-Common-Row-head">
            <h4>{trans.__('Further grant %1', at + 1)}</h4>
            <Button
              look="quiet"
              label={trans.__('Remove %1', trans.__('Further grant %1', at + 1))}
              onClick={() => put(without(additional, at), '[data-add] button')}
            >
              {trans.__('Remove')}
            </Button>
          </div>
          <AwardFields
            of={{
              owner: 'study',
              here: `common.additional.${at}`,
              value: one,
              put: (change: Partial<Award>) =>
                of.put({ additional: replaced(additional, at, { ...one, ...change }) })
            }}
          />
        </section>
      ))}
      {some.more}
      <div className="jp-recrate-Actions" data-add>
        <Button
          onClick={() => put([...additional, NO_AWARD], `[data-row="${additional.length}"] input`)}
        >
          {trans.__('Add a further grant')}
        </Button>
      </div>
    </div>
  );
}
