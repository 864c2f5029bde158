import type { Clause, HandOffRules, PauseReason } from '@leadsea/lead-sla/contracts/contract';
import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { DateField } from '../../common/date-field';
import { useMeta } from '../../api/session-context';
import { useLookups } from '../../common/lookups';
import { useText } from '../../common/text';
import { useForm, useField } from '../kit/form-context';
import { ConditionIn, LabelIn, ManyIn, NumberIn, SelectIn, SwitchIn, type Choice } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';
import { Toggle } from '../kit/toggle';
import { keyFrom } from '../kit/tree';
import { SecondsIn } from '../pools/pool-form';
import { AgreementIn } from './agreement-in';

export const useAgreeChoices = (group: string, keys: readonly string[]): Choice[] => {
  const translate = useTranslate();
  return keys.map((value) => ({ value, label: translate(`setup.sla.agree.${group}.${value}`) }));
};

export const useStageChoices = (): Choice[] => {
  const meta = useMeta();
  const lookups = useLookups();
  return meta.stages.map((stage) => ({ value: stage.key, label: lookups.stageLabel(stage.key) }));
};

export const DayIn = ({ path, words }: { path: string; words: string }) => {
  const translate = useTranslate();
  const field = useField<string | null>(path);
  return (
    <DateField
      type="date"
      label={translate(words)}
      value={field.value ?? ''}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error}
      onChange={(event) => field.set(event.target.value || null)}
      slotProps={{ inputLabel: { shrink: true } }}
      sx={{ width: 180 }}
    />
  );
};

export const Terms = () => {
  const translate = useTranslate();
  return (
    <Section title={translate('setup.sla.agree.terms')} help={translate('setup.sla.agree.termsHelp')}>
      <Row>
        <SelectIn
          path="signing"
          words="setup.sla.agree.signing"
          choices={useAgreeChoices('signings', ['both', 'none'])}
          sx={{ minWidth: 260 }}
        />
        <DayIn path="effectiveFrom" words="setup.sla.agree.from" />
        <DayIn path="effectiveTo" words="setup.sla.agree.to" />
        <NumberIn path="reviewMonths" words="setup.sla.agree.review" min={1} max={36} optional sx={{ width: 200 }} />
      </Row>
    </Section>
  );
};

export const Qualified = () => {
  const translate = useTranslate();
  const meta = useMeta();
  const text = useText();
  const fields = (meta.facts.lead ?? [])
    .filter((fact) => /^lead\.[a-zA-Z]+$/.test(fact.key))
    .map((fact) => ({ value: fact.key.slice('lead.'.length), label: text(fact.label) }));
  return (
    <Section at="qualified" title={translate('setup.sla.agree.qualified')} help={translate('setup.sla.agree.qualifiedHelp')}>
      <AgreementIn path="qualified.description" label={translate('setup.sla.agree.description')} />
      <ManyIn path="qualified.required" words="setup.sla.agree.required" choices={fields} />
      <ConditionIn path="qualified.demographic" words="setup.sla.agree.demographic" />
      <ConditionIn path="qualified.situational" words="setup.sla.agree.situational" />
      <ConditionIn path="qualified.behavioural" words="setup.sla.agree.behavioural" />
    </Section>
  );
};

interface Named {
  readonly key: string;
  readonly label: { readonly zh: string; readonly en: string };
}

export const Clauses = () => {
  const translate = useTranslate();
  const text = useText();
  const sides = useAgreeChoices('sides', ['sales', 'marketing', 'both']);
  const metrics = useField<readonly Named[]>('metrics').value ?? [];
  const obligations = useField<readonly Named[]>('obligations').value ?? [];
  const measured = [...metrics, ...obligations].map((one) => ({ value: one.key, label: text(one.label) || one.key }));
  return (
    <Section title={translate('setup.sla.agree.clauses')} help={translate('setup.sla.agree.clausesHelp')}>
      <ListIn<Clause>
        path="clauses"
        sortable
        numbered
        add={translate('setup.sla.agree.addClause')}
        blank={(all) => ({
          key: keyFrom(
            '',
            'duty',
            all.map((one) => one.key),
          ),
          side: 'sales',
          title: { zh: '新职责', en: 'New duty' },
          measuredBy: [],
        })}
        summary={(clause) => (
          <Box>
            <b>{text(clause.title)}</b>
            <Box sx={{ color: 'text.secondary' }}>{sides.find((side) => side.value === clause.side)?.label}</Box>
          </Box>
        )}
        render={(path) => (
          <>
            <LabelIn path={`${path}.title`} words="setup.sla.agree.clauseTitle" />
            <AgreementIn path={`${path}.text`} label={translate('setup.sla.agree.clauseText')} />
            <Row>
              <SelectIn path={`${path}.side`} words="setup.sla.agree.side" choices={sides} />
              <ManyIn path={`${path}.measuredBy`} words="setup.sla.agree.measuredBy" choices={measured} />
            </Row>
          </>
        )}
      />
    </Section>
  );
};

const BLANK_HAND_OFF: HandOffRules = {
  offered: 'mql',
  accepted: 'srl',
  confirmed: 'sql',
  returned: 'recycled',
  answerSeconds: 28_800,
  reasons: [{ key: 'not-qualified', label: { zh: '不符合合格线索定义', en: 'Not qualified as agreed' } }],
  bant: [],
  bantStaleDays: 90,
};

export const HandOff = () => {
  const translate = useTranslate();
  const text = useText();
  const stages = useStageChoices();
  const field = useField<HandOffRules | null>('handOff');
  const bant = ['budget', 'authority', 'need', 'timing'].map((value) => ({ value, label: translate(`sla.bant.parts.${value}`) }));
  return (
    <Section at="handOff" title={translate('setup.sla.agree.handOff')} help={translate('setup.sla.agree.handOffHelp')}>
      <Box component="label" sx={{ display: 'flex', alignItems: 'center', gap: 1, fontSize: 13 }}>
        <Toggle checked={Boolean(field.value)} disabled={field.readOnly} onChange={(_event, on) => field.set(on ? BLANK_HAND_OFF : null)} />
        {translate('setup.sla.agree.handOffOn')}
      </Box>
      {field.value && (
        <>
          <Row>
            {(['offered', 'accepted', 'confirmed', 'returned'] as const).map((part) => (
              <SelectIn key={part} path={`handOff.${part}`} words={`setup.sla.agree.${part}`} choices={stages} />
            ))}
          </Row>
          <Row>
            <SecondsIn path="handOff.answerSeconds" words="setup.sla.agree.answer" />
            <NumberIn path="handOff.confirmWithinDays" words="setup.sla.agree.confirm" min={1} optional sx={{ width: 180 }} />
          </Row>
          <Row>
            <ManyIn path="handOff.bant" words="setup.sla.agree.bant" choices={bant} />
            <NumberIn path="handOff.bantStaleDays" words="setup.sla.agree.bantStale" min={1} sx={{ width: 180 }} />
          </Row>
          <ListIn<HandOffRules['reasons'][number]>
            path="handOff.reasons"
            add={translate('setup.sla.agree.addReason')}
            blank={(all) => ({
              key: keyFrom(
                '',
                'reason',
                all.map((one) => one.key),
              ),
              label: { zh: '新理由', en: 'New reason' },
            })}
            summary={(reason) => text(reason.label)}
            render={(path) => <LabelIn path={`${path}.label`} words="setup.sla.agree.reason" />}
          />
        </>
      )}
    </Section>
  );
};

/** What people may pause a deadline for, and how much; null forbids it. */
export const Pauses = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const text = useText();
  const { readOnly, set } = useForm();
  const field = useField<{ readonly reasons: readonly PauseReason[] } | null>(`${path}.pauses`);
  const blank = (keys: readonly string[]): PauseReason => ({
    key: keyFrom('', 'reason', keys),
    label: { zh: '等待客户', en: 'Waiting for the customer' },
    untilInbound: true,
    needsEvidence: false,
  });
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <Box component="label" sx={{ display: 'flex', alignItems: 'center', gap: 1, fontSize: 13 }}>
        <Toggle
          checked={field.value !== null}
          disabled={readOnly}
          onChange={(_event, on) => set(`${path}.pauses`, on ? { reasons: [blank([])], maxTotalSeconds: 864_000, maxCount: 3 } : null)}
        />
        {translate('setup.sla.agree.byHand')}
      </Box>
      {field.value && (
        <>
          <Row>
            <SecondsIn path={`${path}.pauses.maxTotalSeconds`} words="setup.sla.agree.pauseLimit" />
            <NumberIn path={`${path}.pauses.maxCount`} words="setup.sla.agree.pauseCount" min={1} max={100} optional sx={{ width: 180 }} />
          </Row>
          <ListIn<PauseReason>
            path={`${path}.pauses.reasons`}
            add={translate('setup.sla.agree.addReason')}
            blank={(all) => blank(all.map((one) => one.key))}
            summary={(reason) => text(reason.label)}
            render={(at) => (
              <>
                <LabelIn path={`${at}.label`} words="setup.sla.agree.reason" />
                <SwitchIn path={`${at}.needsEvidence`} words="setup.sla.agree.needsEvidence" />
                <SwitchIn path={`${at}.untilInbound`} words="setup.sla.agree.untilInbound" />
              </>
            )}
          />
        </>
      )}
    </Box>
  );
};
