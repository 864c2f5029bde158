import type { RoutingPolicy } from '@leadsea/lead-routing/contracts/policy';
import { MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useField } from '../kit/form-context';
import { ManyIn, NumberIn, SwitchIn, useWords } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';

type Sticky = RoutingPolicy['sticky'];
type BySource = Sticky['bySource'][number];

const SWITCHES = ['explicitOwner', 'duplicateOwner', 'accountOwner'] as const;
/** Days, with the words of each and the most there may be. */
const SPANS = [
  { step: 'previousOwnerDays', words: 'setup.routing.previousOwner', max: 3650 },
  { step: 'awayDays', words: 'setup.routing.awayDays', max: 365 },
] as const;

const Steps = () => (
  <>
    {SWITCHES.map((step) => (
      <SwitchIn key={step} path={`sticky.${step}`} words={`setup.routing.${step}`} />
    ))}
    <Row>
      {SPANS.map(({ step, words, max }) => (
        <NumberIn key={step} path={`sticky.${step}`} words={words} min={0} max={max} sx={{ width: 260 }} />
      ))}
    </Row>
  </>
);

/** A switch that may be left to what holds for all sources, which it then shows. */
const SwitchOrUsual = ({ path, step, usual }: { path: string; step: (typeof SWITCHES)[number]; usual: boolean }) => {
  const translate = useTranslate();
  const field = useField<boolean>(`${path}.${step}`);
  const { label } = useWords(`setup.routing.${step}`);
  const word = (on: boolean): string => translate(`setup.routing.${on ? 'stepOn' : 'stepOff'}`);
  return (
    <TextField
      select
      label={label}
      value={field.value === undefined ? '' : String(field.value)}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error}
      onChange={(event) => field.set(event.target.value === '' ? undefined : event.target.value === 'true')}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
      sx={{ width: 260 }}
    >
      <MenuItem value="">{translate('setup.routing.asUsual', { value: word(usual) })}</MenuItem>
      <MenuItem value="true">{word(true)}</MenuItem>
      <MenuItem value="false">{word(false)}</MenuItem>
    </TextField>
  );
};

/** Days that may be left to what holds for all sources, which then stand there in grey. */
const DaysOrUsual = ({ path, at: { step, words, max }, usual }: { path: string; at: (typeof SPANS)[number]; usual: number }) => {
  const translate = useTranslate();
  const field = useField<number>(`${path}.${step}`);
  const { label, help } = useWords(words);
  return (
    <TextField
      type="number"
      label={label}
      value={field.value ?? ''}
      placeholder={translate('setup.routing.asUsual', { value: usual })}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error ?? help}
      onChange={(event) => field.set(event.target.value === '' ? undefined : Number(event.target.value))}
      slotProps={{ htmlInput: { min: 0, max }, inputLabel: { shrink: true } }}
      sx={{ width: 260 }}
    />
  );
};

/** who comes before the rules, and other answers for leads of some sources. */
export const StickyIn = () => {
  const translate = useTranslate();
  const { value } = useField<Partial<Sticky>>('sticky');
  return (
    <Section title={translate('setup.routing.sticky')} help={translate('setup.routing.stickyHelp')}>
      <Steps />
      <ListIn<BySource>
        path="sticky.bySource"
        add={translate('setup.routing.addSource')}
        // What is not named stays as it is for all sources, also when that is changed later.
        blank={() => ({ sources: [] })}
        summary={(one) => one.sources.join(', ') || translate('setup.routing.noSource')}
        render={(path) => (
          <>
            <ManyIn path={`${path}.sources`} words="setup.routing.sources" choices={[]} free />
            <Row>
              {SWITCHES.map((step) => (
                <SwitchOrUsual key={step} path={path} step={step} usual={value?.[step] ?? false} />
              ))}
              {SPANS.map((at) => (
                <DaysOrUsual key={at.step} path={path} at={at} usual={value?.[at.step] ?? 0} />
              ))}
            </Row>
          </>
        )}
      />
    </Section>
  );
};
