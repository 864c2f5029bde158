import type { FollowUp } from '@leadsea/lead-pools/contracts/follow-up';
import { Box, Slider, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMeta } from '../../api/session-context';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { ManyIn, NumberIn, SelectIn, SwitchIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { Toggle } from '../kit/toggle';
import { SecondsIn } from './span-parts';

type Kind = FollowUp['kinds'][number];

/** What the product counts as a follow-up when a pool says nothing of its own. */
const USUAL: FollowUp = {
  kinds: [
    { kind: 'call', outcomes: ['connected'], minSeconds: 30 },
    { kind: 'meeting', outcomes: [], minSeconds: 0 },
    { kind: 'visit', outcomes: [], minSeconds: 0 },
  ],
  reply: true,
  stageChange: true,
  minNote: 0,
  maxSimilarity: null,
};

const KindIn = ({ path, kind }: { path: string; kind: Kind }) => {
  const text = useText();
  const { activityKinds } = useMeta();
  const outcomes = activityKinds.find((one) => one.key === kind.kind)?.outcomes ?? [];
  return (
    <Row>
      <SelectIn
        path={`${path}.kind`}
        words="setup.pool.followKind"
        choices={activityKinds.map((one) => ({ value: one.key, label: text(one.label) || one.key }))}
        sx={{ minWidth: 130 }}
      />
      <ManyIn
        path={`${path}.outcomes`}
        words="setup.pool.followOutcomes"
        choices={outcomes.map((one) => ({ value: one.value, label: text(one.label) || one.value }))}
      />
      <SecondsIn path={`${path}.minSeconds`} words="setup.pool.followSeconds" />
    </Row>
  );
};

const SimilarityIn = () => {
  const translate = useTranslate();
  const field = useField<number | null>('followUp.maxSimilarity');
  const on = typeof field.value === 'number';
  return (
    <Box>
      <Box component="label" sx={{ display: 'flex', alignItems: 'center', gap: 1, fontSize: 13, cursor: 'pointer' }}>
        <Toggle checked={on} disabled={field.readOnly} onChange={(_event, checked) => field.set(checked ? 0.9 : null)} />
        {translate('setup.pool.similarity')}
      </Box>
      {on && (
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, pl: 1, pr: 2, maxWidth: 420 }}>
          <Slider
            size="small"
            min={50}
            max={100}
            step={5}
            disabled={field.readOnly}
            value={Math.round((field.value ?? 0.9) * 100)}
            onChange={(_event, value) => field.set((Array.isArray(value) ? (value[0] ?? 90) : value) / 100)}
            aria-label={translate('setup.pool.similarity')}
          />
          <Typography variant="body2">{Math.round((field.value ?? 0.9) * 100)} %</Typography>
        </Box>
      )}
      <Typography variant="caption" color="text.secondary" component="div">
        {translate('setup.pool.similarityHelp')}
      </Typography>
    </Box>
  );
};

/** What counts as an effective follow-up: the company's meaning, or one of this pool's own. */
export const FollowUpIn = () => {
  const translate = useTranslate();
  const field = useField<FollowUp | null>('followUp');
  const own = Boolean(field.value);
  return (
    <>
      <Box component="label" sx={{ display: 'flex', alignItems: 'center', gap: 1, fontSize: 13, cursor: 'pointer' }}>
        <Toggle checked={own} disabled={field.readOnly} onChange={(_event, on) => field.set(on ? USUAL : null)} />
        {translate('setup.pool.followOwn')}
      </Box>
      {!own && (
        <Typography variant="body2" color="text.secondary">
          {translate('setup.pool.followUsual')}
        </Typography>
      )}
      {own && (
        <>
          <ListIn<Kind>
            path="followUp.kinds"
            add={translate('setup.pool.addFollow')}
            empty={translate('setup.pool.noFollow')}
            blank={() => ({ kind: 'call', outcomes: ['connected'], minSeconds: 30 })}
            render={(path, kind) => <KindIn path={path} kind={kind} />}
          />
          <Row>
            <SwitchIn path="followUp.reply" words="setup.pool.followReply" />
            <SwitchIn path="followUp.stageChange" words="setup.pool.followStage" />
          </Row>
          <NumberIn path="followUp.minNote" words="setup.pool.followNote" min={0} max={500} sx={{ width: 260 }} />
          <SimilarityIn />
          <Typography variant="caption" color="text.secondary">
            {translate('setup.pool.followNever')}
          </Typography>
        </>
      )}
    </>
  );
};
