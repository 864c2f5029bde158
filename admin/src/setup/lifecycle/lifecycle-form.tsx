import type { Lifecycle, Transition } from '@leadsea/leads/contracts/lifecycle';
import { Box, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { ToneChip } from '../../common/badges';
import { useLookups } from '../../common/lookups';
import { useText } from '../../common/text';
import { useDescribeCondition } from '../../conditions/use-facts';
import { useField, useForm } from '../kit/form-context';
import { ConditionIn, LabelIn, ManyIn, SelectIn, SwitchIn, type Choice } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';
import { keyFrom } from '../kit/tree';

type Stage = Lifecycle['stages'][number];
type Reason = Transition['reasons'][number];
const STAGE_TYPES = ['inventory', 'sla', 'gate', 'won', 'lost'] as const;
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
] as const;

const Colour = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const field = useField<string | undefined>(path);
  return (
    <TextField
      type="color"
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

/** The body of a stage graph: the stages a lead can be in and the moves between them. */
export const LifecycleForm = () => {
  const translate = useTranslate();
  const text = useText();
  const describe = useDescribeCondition();
  const lookups = useLookups();
  const { readOnly } = useForm();
  const stages = useField<readonly Stage[]>('stages').value ?? [];
  const stageChoices: Choice[] = stages.map((stage) => ({ value: stage.key, label: text(stage.label) || stage.key }));
  const name = (key: string): string =>
    key === '*' ? translate('setup.lifecycle.anyStage') : (stageChoices.find((stage) => stage.value === key)?.label ?? key);
  const required: Choice[] = [
    ...REQUIRABLE.map((field) => ({ value: field, label: translate(`fields.${field}`) })),
    ...lookups.leadFields.map((field) => ({ value: `custom.${field.key}`, label: text(field.label) || field.key })),
  ];
  return (
    <>
      <Section title={translate('setup.lifecycle.stages')} help={translate('setup.lifecycle.stagesHelp')}>
        <ListIn<Stage>
          path="stages"
          sortable
          add={translate('setup.lifecycle.addStage')}
          blank={(all) => ({
            key: keyFrom(
              '',
              'stage',
              all.map((stage) => stage.key),
              '_',
            ),
            label: { zh: '新阶段', en: 'New stage' },
            type: 'inventory',
            color: '#64748b',
          })}
          summary={(stage) => (
            <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
              <Box sx={{ width: 10, height: 10, borderRadius: 0.5, bgcolor: stage.color ?? 'text.disabled', flex: 'none' }} />
              <b>{text(stage.label)}</b>
              <Box component="span" sx={{ color: 'text.secondary' }}>
                {translate(`setup.lifecycle.types.${stage.type}`)}
              </Box>
            </Box>
          )}
          render={(path) => (
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
              </Row>
            </>
          )}
        />
        <SelectIn path="initial" words="setup.lifecycle.initial" choices={stageChoices} sx={{ maxWidth: 320 }} />
      </Section>
      <Section title={translate('setup.lifecycle.moves')} help={translate('setup.lifecycle.movesHelp')}>
        <ListIn<Transition>
          path="transitions"
          sortable={!readOnly}
          add={translate('setup.lifecycle.addMove')}
          blank={() => ({
            from: stages[0]?.key ?? '*',
            to: stages[1]?.key ?? '',
            label: { zh: '变更', en: 'Move' },
            requires: [],
            reasons: [],
            manual: true,
          })}
          summary={(move) => (
            <Box>
              <b>{text(move.label)}</b> · {name(move.from)} → {name(move.to)}
              <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, color: 'text.secondary' }}>
                {move.auto && <ToneChip tone="info" text={`${translate('setup.lifecycle.auto')}: ${describe(move.auto)}`} />}
                {move.requires.length > 0 && (
                  <ToneChip text={translate('setup.lifecycle.requiresCount', { smart_count: move.requires.length })} />
                )}
                {move.reasons.length > 0 && (
                  <ToneChip text={translate('setup.lifecycle.reasonsCount', { smart_count: move.reasons.length })} />
                )}
              </Box>
            </Box>
          )}
          render={(path) => (
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
              <ConditionIn path={`${path}.auto`} words="setup.lifecycle.autoWhen" />
            </>
          )}
        />
      </Section>
    </>
  );
};
