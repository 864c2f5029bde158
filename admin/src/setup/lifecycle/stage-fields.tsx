import type { Lifecycle, Transition } from '@leadsea/leads/contracts/lifecycle';
import { isOncePerCycle, suggestsRecycling } from '@leadsea/leads/contracts/lifecycle-cycle';
import { MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useLookups } from '../../common/lookups';
import { useText } from '../../common/text';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';
import { ConditionIn, LabelIn, ManyIn, SelectIn, SwitchIn, type Choice } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { keyFrom } from '../kit/tree';

type Stage = Lifecycle['stages'][number];
type Reason = Transition['reasons'][number];

export const STAGE_TYPES = ['inventory', 'sla', 'gate', 'won', 'lost'] as const;
const HOUR = 3600;
const REQUIRABLE = [
  'name',
  'company',
  'email',
  'phone',
  'title',
  'industry',
  'employees',
  'annualRevenue',
  'country',
  'province',
  'city',
  'website',
  'product',
  'owner',
] as const;

const Colour = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const field = useField<string | undefined>(path);
  return (
    <TextField
      type="color"
      data-place={path}
      label={translate('setup.lifecycle.colour')}
      value={field.value ?? '#64748b'}
      disabled={field.readOnly}
      onChange={(event) => field.set(event.target.value)}
      sx={{ width: 80 }}
    />
  );
};

const KeyIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const field = useField<string>(path);
  return (
    <TextField
      data-place={path}
      label={translate('setup.kit.key')}
      value={field.value ?? ''}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error ?? translate('setup.lifecycle.keyHelp')}
      onChange={(event) => field.set(event.target.value)}
      sx={{ maxWidth: 260 }}
    />
  );
};

/** Hours a lead should stay at most; kept in seconds. */
const DwellIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const field = useField<number | null | undefined>(path);
  return (
    <TextField
      type="number"
      data-place={path}
      label={translate('setup.lifecycle.dwell')}
      helperText={field.error ?? translate('setup.lifecycle.dwellHelp')}
      error={Boolean(field.error)}
      value={field.value ? field.value / HOUR : ''}
      disabled={field.readOnly}
      onChange={(event) => field.set(event.target.value === '' ? null : Math.round(Number(event.target.value) * HOUR))}
      slotProps={{ htmlInput: { min: 1, step: 'any' } }}
      sx={{ maxWidth: 260 }}
    />
  );
};

const DefinitionIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const field = useField<{ zh: string; en: string } | undefined>(path);
  const value = field.value ?? { zh: '', en: '' };
  const input = (language: 'zh' | 'en', name: string) => (
    <TextField
      fullWidth
      multiline
      minRows={2}
      label={`${translate('setup.lifecycle.definition')} · ${name}`}
      value={value[language]}
      disabled={field.readOnly}
      onChange={(event) => field.set({ ...value, [language]: event.target.value })}
      helperText={language === 'en' ? translate('setup.lifecycle.definitionHelp') : undefined}
    />
  );
  return (
    <>
      {input('zh', '中文')}
      {input('en', 'English')}
    </>
  );
};

/** Yes, no, or as the move itself suggests. */
const SuggestedIn = ({ path, words, suggested }: { path: string; words: string; suggested: boolean }) => {
  const translate = useTranslate();
  const field = useField<boolean | undefined>(path);
  const name = (value: boolean): string => translate(value ? `${words}Yes` : `${words}No`);
  return (
    <TextField
      select
      label={translate(words)}
      value={field.value === undefined ? '' : String(field.value)}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error ?? translate(`${words}Help`)}
      onChange={(event) => field.set(event.target.value === '' ? undefined : event.target.value === 'true')}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
      sx={{ width: { xs: 1, sm: 340 } }}
    >
      <MenuItem value="">{translate('setup.lifecycle.suggested', { what: name(suggested) })}</MenuItem>
      <MenuItem value="true">{name(true)}</MenuItem>
      <MenuItem value="false">{name(false)}</MenuItem>
    </TextField>
  );
};

/** Everything about one stage. */
export const StageFields = ({ path }: { path: string }) => {
  const translate = useTranslate();
  return (
    <>
      <LabelIn path={`${path}.label`} words="setup.lifecycle.stageLabel" />
      <Row>
        <SelectIn
          path={`${path}.type`}
          words="setup.lifecycle.type"
          choices={STAGE_TYPES.map((type) => ({ value: type, label: translate(`setup.lifecycle.types.${type}`) }))}
        />
        <Colour path={`${path}.color`} />
        <KeyIn path={`${path}.key`} />
        <DwellIn path={`${path}.dwell`} />
      </Row>
      <DefinitionIn path={`${path}.definition`} />
      <SwitchIn path={`${path}.opportunity`} words="setup.lifecycle.opportunity" />
    </>
  );
};

/** Everything about one move. */
export const MoveFields = ({ path, stages }: { path: string; stages: readonly Stage[] }) => {
  const translate = useTranslate();
  const text = useText();
  const lookups = useLookups();
  const { roles } = useDirectory();
  const move = useField<Transition | undefined>(path).value;
  const initial = useField<string | undefined>('initial').value ?? '';
  const stageChoices: Choice[] = stages.map((stage) => ({ value: stage.key, label: text(stage.label) || stage.key }));
  const leadsToInventory = stages.some(({ key, type }) => key === move?.to && type === 'inventory');
  const required: Choice[] = [
    ...REQUIRABLE.map((field) => ({ value: field, label: translate(`fields.${field}`) })),
    ...lookups.leadFields.map((field) => ({ value: `custom.${field.key}`, label: text(field.label) || field.key })),
  ];
  return (
    <>
      <LabelIn path={`${path}.label`} words="setup.lifecycle.moveLabel" />
      <Row>
        <SelectIn
          path={`${path}.from`}
          words="setup.lifecycle.from"
          choices={[{ value: '*', label: translate('setup.lifecycle.anyStage') }, ...stageChoices]}
        />
        <SelectIn path={`${path}.to`} words="setup.lifecycle.to" choices={stageChoices} />
      </Row>
      <SwitchIn path={`${path}.manual`} words="setup.lifecycle.manual" />
      <ManyIn path={`${path}.roles`} words="setup.lifecycle.roles" choices={roles} />
      <ConditionIn path={`${path}.guard`} words="setup.lifecycle.guard" />
      <ManyIn path={`${path}.requires`} words="setup.lifecycle.requires" choices={required} />
      <ListIn<Reason>
        path={`${path}.reasons`}
        sortable
        add={translate('setup.lifecycle.addReason')}
        empty={translate('setup.lifecycle.noReasons')}
        blank={(reasons) => ({
          value: keyFrom(
            '',
            'reason',
            reasons.map((reason) => reason.value),
            '_',
          ),
          label: { zh: '原因', en: 'Reason' },
        })}
        render={(reason) => <LabelIn path={`${reason}.label`} words="setup.lifecycle.reason" />}
      />
      <ConditionIn path={`${path}.auto`} words="setup.lifecycle.autoWhen" empty="never" />
      <Row>
        {move?.auto && <SuggestedIn path={`${path}.once`} words="setup.lifecycle.once" suggested={isOncePerCycle({ auto: move.auto })} />}
        {move && leadsToInventory && (
          <SuggestedIn
            path={`${path}.recycles`}
            words="setup.lifecycle.recycles"
            suggested={suggestsRecycling({ stages: [...stages], initial }, move.from, move.to)}
          />
        )}
      </Row>
    </>
  );
};
