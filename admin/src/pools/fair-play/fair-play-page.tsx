import BalanceIcon from '@mui/icons-material/BalanceOutlined';
import ExpandIcon from '@mui/icons-material/ExpandMore';
import { Box, ButtonBase, Chip, Collapse, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useMemo, useState } from 'react';
import { Link } from 'react-router-dom';
import { ToneChip } from '../../common/badges';
import { When } from '../../common/countdown';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { RowsSkeleton } from '../../common/page';
import { Panel } from '../../common/panel';
import { useText } from '../../common/text';
import { useTime } from '../../common/time';
import { fairPlay, type FairPlayReport, type Finding } from '../api';
import { CopiesPanel } from '../copies/copies-panel';
import { PageBody, ShareBar, Sheet } from '../parts';
import { DaysIn, FilterIn, periodOf, usePoolChoices, type Days } from '../period';
import { PoolsHeader } from '../tabs';
import { showCount } from '../../i18n/counts';

const Evidence = ({ finding }: { finding: Finding }) => {
  const text = useText();
  const time = useTime();
  const translate = useTranslate();
  return (
    <Box component="ol" sx={{ m: 0, pl: 2, pb: 1.5, pr: 2, listStyle: 'none', display: 'grid', gap: 0.5 }}>
      {finding.evidence.map((one) => (
        <Box
          component="li"
          key={`${one.event}-${one.lead}`}
          sx={{ display: 'flex', gap: 1.5, fontSize: 13, borderLeft: 2, borderColor: 'divider', pl: 1.5 }}
        >
          <Box sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}>{time.dateTime(one.at)}</Box>
          <Box sx={{ flex: 1 }}>{text(one.text)}</Box>
          <Box component={Link} to={`/leads/${one.lead}`} sx={{ color: 'primary.main', whiteSpace: 'nowrap' }}>
            {translate('pools.fair.lead')} #{one.lead}
          </Box>
        </Box>
      ))}
    </Box>
  );
};

const FindingLine = ({ finding, label }: { finding: Finding; label: string }) => {
  const translate = useTranslate();
  const [open, setOpen] = useState(false);
  const people = [finding.name, ...finding.others.map((other) => other.name)].join(' ↔ ');
  return (
    <Box role="listitem" sx={{ borderBottom: 1, borderColor: 'divider', '&:last-child': { borderBottom: 0 } }}>
      <ButtonBase
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        sx={{ width: '100%', display: 'flex', alignItems: 'center', gap: 1.5, px: 2, py: 1, textAlign: 'left' }}
      >
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
            <ToneChip text={label} tone="warning" />
            <Typography variant="body2" fontWeight={600}>
              {people}
            </Typography>
          </Box>
          <Typography variant="caption" color="text.secondary" component="div">
            <When at={finding.at} /> · {translate('pools.fair.count', { smart_count: finding.count })} ·{' '}
            {translate('pools.undo.leads', { smart_count: finding.leads.length })} ·{' '}
            {translate(finding.counted ? 'pools.fair.suspected' : 'pools.fair.notCounted')}
          </Typography>
        </Box>
        <ExpandIcon fontSize="small" sx={{ color: 'text.secondary', transform: open ? 'rotate(180deg)' : 'none' }} />
      </ButtonBase>
      <Collapse in={open} unmountOnExit>
        <Evidence finding={finding} />
      </Collapse>
    </Box>
  );
};

const People = ({
  report,
  chosen,
  onChoose,
}: {
  report: FairPlayReport;
  chosen: number | null;
  onChoose: (member: number | null) => void;
}) => {
  const text = useText();
  const most = Math.max(1, ...report.people.map((person) => person.score));
  const labels = new Map(report.patterns.map((pattern) => [pattern.key, text(pattern.label)]));
  return (
    <Box sx={{ display: 'grid', gap: 0.5 }}>
      {report.people.map((person) => (
        <ButtonBase
          key={person.member}
          aria-pressed={chosen === person.member}
          onClick={() => onChoose(chosen === person.member ? null : person.member)}
          sx={{
            display: 'block',
            textAlign: 'left',
            p: 1,
            mx: -1,
            borderRadius: 1,
            bgcolor: chosen === person.member ? 'action.selected' : undefined,
          }}
        >
          <Box sx={{ display: 'flex', fontSize: 13, mb: 0.5 }}>
            <Box sx={{ flex: 1, fontWeight: 600 }}>{person.name}</Box>
            <Box>{showCount(person.score)}</Box>
          </Box>
          <ShareBar share={person.score / most} tone="warning" />
          <Typography variant="caption" color="text.secondary">
            {Object.entries(person.counts)
              .filter(([, count]) => count > 0)
              .map(([pattern, count]) => `${labels.get(pattern as Finding['pattern']) ?? pattern} ${showCount(count)}`)
              .join(' · ')}
          </Typography>
        </ButtonBase>
      ))}
    </Box>
  );
};

/** Who plays the rules instead of working leads: patterns read from events, each with its evidence. */
const FairPlayPage = () => {
  const translate = useTranslate();
  const text = useText();
  const pools = usePoolChoices();
  const [days, setDays] = useState<Days>(30);
  const [pool, setPool] = useState('');
  const [pattern, setPattern] = useState<string | null>(null);
  const [member, setMember] = useState<number | null>(null);
  const filter = useMemo(() => ({ ...periodOf(days), pool: pool || null }), [days, pool]);
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['pools-fair-play', filter], queryFn: () => fairPlay(filter) });
  const labels = new Map(data?.patterns.map((one) => [one.key, text(one.label)]));
  const counts = new Map<string, number>();
  for (const finding of data?.findings ?? []) counts.set(finding.pattern, (counts.get(finding.pattern) ?? 0) + 1);
  const shown = (data?.findings ?? []).filter(
    (finding) =>
      (!pattern || finding.pattern === pattern) &&
      (member === null || finding.member === member || finding.others.some((other) => other.id === member)),
  );
  return (
    <>
      <PoolsHeader />
      <PageBody>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}>
          <DaysIn value={days} onChange={setDays} />
          <FilterIn label={translate('fields.pool')} value={pool} choices={pools} onChange={setPool} />
        </Box>
        <Typography variant="body2" color="text.secondary">
          {translate('pools.fair.intro')}
        </Typography>
        <CopiesPanel pool={pool} />
        {error && <ErrorState error={error} retry={() => void refetch()} />}
        {isPending && (
          <Sheet>
            <RowsSkeleton rows={6} height={52} />
          </Sheet>
        )}
        {data && data.findings.length === 0 && (
          <EmptyState icon={<BalanceIcon />} title={translate('pools.fair.empty')} hint={translate('pools.fair.emptyHint')} />
        )}
        {data && data.findings.length > 0 && (
          <>
            <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
              {[...counts].map(([key, count]) => (
                <Chip
                  key={key}
                  label={`${labels.get(key as Finding['pattern']) ?? key} · ${showCount(count)}`}
                  color={pattern === key ? 'primary' : 'default'}
                  variant={pattern === key ? 'filled' : 'outlined'}
                  onClick={() => setPattern(pattern === key ? null : key)}
                />
              ))}
            </Box>
            <Box
              sx={{
                display: 'grid',
                gap: 2,
                gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: '300px minmax(0, 1fr)' },
                alignItems: 'start',
              }}
            >
              <Panel title={translate('pools.fair.people')}>
                <People report={data} chosen={member} onChoose={setMember} />
              </Panel>
              <Sheet>
                <Box role="list">
                  {shown.map((finding, index) => (
                    <FindingLine
                      key={`${finding.pattern}-${finding.member}-${index}`}
                      finding={finding}
                      label={labels.get(finding.pattern) ?? finding.pattern}
                    />
                  ))}
                </Box>
              </Sheet>
            </Box>
          </>
        )}
      </PageBody>
    </>
  );
};

export default FairPlayPage;
