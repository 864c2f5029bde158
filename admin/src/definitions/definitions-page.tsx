import { Box, Button, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'react-router-dom';
import { getJson } from '../api/http-client';
import { useAccess, useMeta } from '../api/session-context';
import type { Stage, Transition } from '../api/types';
import { StageChip, ToneChip } from '../common/badges';
import { useLookups } from '../common/lookups';
import { PageHeader } from '../common/page';
import { Panel } from '../common/panel';
import { useText } from '../common/text';
import { useTime } from '../common/time';
import { WIDGETS } from '../dashboards/widgets';

/** Groups of numbers whose way of counting is told: the widgets of the home page, and pages of numbers. */
const PAGES = ['campaigns', 'poolReport', 'scorecard', 'shares', 'monitor', 'backtest', 'checkup'];
const COUNTED = [...WIDGETS.map(({ key }) => key), ...PAGES];

interface Version {
  id: number;
  number: number;
  publishedAt: string;
  publishedBy: string | null;
  note: string | null;
  body: { stages?: Stage[] };
}

const Moves = ({ moves }: { moves: readonly Transition[] }) => {
  const translate = useTranslate();
  const text = useText();
  const lookups = useLookups();
  if (moves.length === 0) return null;
  return (
    <Box sx={{ display: 'grid', gap: 0.5, mt: 1.5, fontSize: 13 }}>
      <Typography variant="subtitle2" color="text.secondary">
        {translate('definition.moves')}
      </Typography>
      {moves.map((move) => (
        <Box key={move.to} sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
          <StageChip stage={move.to} />
          <Box sx={{ color: 'text.secondary' }}>{text(move.label)}</Box>
          {(move.requires?.length ?? 0) > 0 && (
            <ToneChip
              text={translate('definition.terms', {
                fields: (move.requires ?? []).map((field) => lookups.fieldLabel(field)).join(', '),
              })}
            />
          )}
          {move.automatic && <ToneChip tone="info" text={translate('definition.automatic')} />}
        </Box>
      ))}
    </Box>
  );
};

const History = ({ policyId }: { policyId: number }) => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const { data } = useQuery({
    queryKey: ['lifecycles', policyId, 'history'],
    queryFn: () => getJson<Version[]>(`/lifecycles/${policyId}/history`),
  });
  return (
    <>
      {data?.map((version) => (
        <Box key={version.id} sx={{ py: 1.5, borderTop: 1, borderColor: 'divider' }}>
          <Typography variant="subtitle1">
            {translate('definition.version', { version: version.number, at: time.dateTime(version.publishedAt) })}
          </Typography>
          <Typography variant="caption" color="text.secondary">
            {[version.publishedBy, version.note].filter(Boolean).join(' · ')}
          </Typography>
          {version.body.stages
            ?.filter((stage) => text(stage.definition))
            .map((stage) => (
              <Typography key={stage.key} variant="body2" sx={{ mt: 0.5 }}>
                <b>{text(stage.label)}</b>: {text(stage.definition)}
              </Typography>
            ))}
        </Box>
      ))}
    </>
  );
};

/** The dictionary: what each stage means here, the terms of the moves, and since when. */
const DefinitionsPage = () => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const access = useAccess();
  const { hash } = useLocation();
  const { stages, transitions, definitions } = useMeta();
  const [past, setPast] = useState(false);
  useEffect(() => {
    if (hash) document.getElementById(`definition-${hash.slice(1)}`)?.scrollIntoView({ block: 'start' });
  }, [hash]);
  return (
    <>
      <PageHeader
        title={translate('definition.title')}
        subtitle={
          definitions
            ? translate('definition.version', { version: definitions.version, at: time.date(definitions.publishedAt) })
            : translate('definition.standard')
        }
        actions={
          definitions &&
          access.can('update', 'lifecycles') && (
            <Button component={Link} to={`/setup/lifecycle/${definitions.policyId}`}>
              {translate('definition.edit')}
            </Button>
          )
        }
      />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 860, display: 'grid', gap: 2 }}>
        <Typography variant="body2" color="text.secondary">
          {translate('definition.intro')}
        </Typography>
        {stages.map((stage) => (
          <Box
            key={stage.key}
            id={`definition-${stage.key}`}
            sx={{
              bgcolor: 'background.paper',
              border: 1,
              borderRadius: 1,
              borderColor: hash === `#${stage.key}` ? 'primary.main' : 'divider',
              p: 2,
              scrollMarginTop: 8,
            }}
          >
            <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', fontWeight: 650, fontSize: 15 }}>
              <StageChip stage={stage.key} />
              <Box sx={{ flex: 1 }} />
              <ToneChip text={translate(`setup.lifecycle.types.${stage.type}`)} />
            </Box>
            <Typography
              variant="body1"
              color={text(stage.definition) ? 'text.primary' : 'text.secondary'}
              sx={{ mt: 1, whiteSpace: 'pre-line' }}
            >
              {text(stage.definition) || translate('definition.none')}
            </Typography>
            <Moves moves={transitions.filter((move) => move.from === stage.key)} />
          </Box>
        ))}
        <Panel title={translate('definition.numbers')}>
          {COUNTED.map((key) => (
            <Box
              key={key}
              id={`definition-count-${key}`}
              sx={{ py: 1, scrollMarginTop: 8, '&:not(:first-of-type)': { borderTop: 1, borderColor: 'divider' } }}
            >
              <Typography variant="subtitle2" component="h3" color={hash === `#count-${key}` ? 'primary' : undefined}>
                {translate(PAGES.includes(key) ? `definition.page.${key}` : `dash.widget.${key}`)}
              </Typography>
              <Typography variant="body2">{translate(`definition.count.${key}`)}</Typography>
            </Box>
          ))}
        </Panel>
        {definitions && access.can('read', 'lifecycles') && (
          <Panel title={translate('definition.history')}>
            {past ? (
              <History policyId={definitions.policyId} />
            ) : (
              <Button onClick={() => setPast(true)} sx={{ ml: -1 }}>
                {translate('definition.showHistory')}
              </Button>
            )}
          </Panel>
        )}
      </Box>
    </>
  );
};

export default DefinitionsPage;
