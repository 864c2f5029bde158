import type { FitRule } from '@leadsea/lead-grading/contracts/model';
import { TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useFacts } from '../../conditions/use-facts';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { NumberIn, SelectIn, SpanIn, useWords } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';

type Rows = Extract<FitRule, { type: 'frequency' }>['rows'];

/** A text that may be absent. */
export const OptionalText = ({ path, words }: { path: string; words: string }) => {
  const field = useField<string | undefined>(path);
  const { label, help } = useWords(words);
  return (
    <TextField
      label={label}
      helperText={help}
      value={field.value ?? ''}
      disabled={field.readOnly}
      onChange={(event) => field.set(event.target.value || undefined)}
      sx={{ minWidth: 200, flex: 1, maxWidth: 320 }}
    />
  );
};

/** The kinds of behaviour the server knows, as choices. */
export const useBehaviourKinds = () => {
  const text = useText();
  const facts = useFacts('lead');
  const kinds = facts.byKey.get('behaviour.count')?.args?.find((arg) => arg.key === 'kind')?.options ?? [];
  return kinds.map((kind) => ({ value: kind.value, label: text(kind.label) }));
};

/** How often something was done lately: rows of "at least so often, within so long, so many points". */
export const FrequencyIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const kinds = useBehaviourKinds();
  return (
    <>
      <Row>
        <SelectIn path={`${path}.kind`} words="setup.grading.kind" choices={kinds} sx={{ minWidth: 170 }} />
        <OptionalText path={`${path}.match`} words="setup.grading.match" />
        <OptionalText path={`${path}.product`} words="setup.grading.product" />
      </Row>
      <ListIn<Rows[number]>
        path={`${path}.rows`}
        add={translate('setup.grading.addFrequency')}
        blank={(rows) => ({ min: (rows.at(-1)?.min ?? 0) + 1, within: 'P7D', points: 10 })}
        render={(row) => (
          <Row>
            <NumberIn path={`${row}.min`} words="setup.grading.atLeast" min={1} max={1000} sx={{ width: 110 }} />
            <SpanIn path={`${row}.within`} words="setup.grading.within" units={['hour', 'day']} />
            <NumberIn path={`${row}.points`} words="setup.grading.points" min={-1000} max={1000} sx={{ width: 110 }} />
          </Row>
        )}
      />
    </>
  );
};
