import CheckIcon from '@mui/icons-material/CheckCircleOutline';
import ErrorIcon from '@mui/icons-material/ErrorOutline';
import RefreshIcon from '@mui/icons-material/Refresh';
import WarnIcon from '@mui/icons-material/WarningAmber';
import type { LintItem } from '@leadsea/crm-core/contracts/lint';
import { Box, Button, ButtonBase, Chip, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { getJson } from '../../api/http-client';
import { useText } from '../../common/text';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { PageHeader, RowsSkeleton } from '../../common/page';
import { POLICY_KINDS } from '../kinds';
import { hashOf } from '../kit/place';
import { usePlaceWords } from '../policy/findings';
import { showCount } from '../../i18n/counts';

interface Report {
  readonly findings: readonly LintItem[];
  readonly errors: number;
  readonly warnings: number;
}

/** The page where a finding is put right. */
const pageOf = ({ resource, id }: Pick<LintItem, 'resource' | 'id'>): string => {
  const kind = POLICY_KINDS.find((one) => one.resource === resource);
  if (kind) return id === null ? `/setup/${kind.slug}` : `/setup/${kind.slug}/${id}`;
  if (resource === 'campaigns') return id === null ? '/campaigns' : `/campaigns/${id}`;
  return id === null ? `/setup/${resource}` : `/setup/${resource}?id=${id}`;
};

const Finding = ({ finding }: { finding: LintItem }) => {
  const translate = useTranslate();
  const text = useText();
  const name = text(finding.label) || finding.name;
  const isError = finding.level === 'error';
  const Icon = isError ? ErrorIcon : WarnIcon;
  const place = usePlaceWords()(finding.path);
  const usual = translate(`setup.finding.${finding.code}`, { ...finding.values, _: finding.message });
  return (
    <ButtonBase
      component={Link}
      to={`${pageOf(finding)}${hashOf(finding.path)}`}
      role="listitem"
      aria-label={translate('setup.linter.open', { name })}
      sx={{
        display: 'flex',
        justifyContent: 'flex-start',
        alignItems: 'flex-start',
        textAlign: 'left',
        gap: 1.5,
        width: '100%',
        p: 1.5,
        borderBottom: 1,
        borderColor: 'divider',
        '&:last-child': { borderBottom: 0 },
        '&:hover': { bgcolor: 'action.hover' },
      }}
    >
      <Icon
        fontSize="small"
        titleAccess={translate(`setup.linter.${finding.level}`)}
        sx={{ color: isError ? 'error.main' : 'warning.main', mt: '2px' }}
      />
      <Box sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        <Typography variant="body2" sx={{ fontWeight: 600 }}>
          {name}
          <Typography component="span" variant="caption" color="text.secondary" sx={{ ml: 1 }}>
            {translate(`setup.linter.area.${finding.resource}`, { _: finding.resource })}
            {finding.version === 'draft' && ` · ${translate('setup.linter.draft')}`}
          </Typography>
        </Typography>
        <Typography variant="body2">{translate(`setup.linter.finding.${finding.code}`, { ...finding.values, _: usual })}</Typography>
        {place && (
          <Typography variant="caption" color="text.secondary">
            {place}
          </Typography>
        )}
      </Box>
    </ButtonBase>
  );
};

/** Everything configured, checked as it stands: how grave, where, and the way there. */
const LinterPage = () => {
  const translate = useTranslate();
  const [only, setOnly] = useState<string | null>(null);
  const { data, error, isFetching, refetch } = useQuery({ queryKey: ['lint'], queryFn: ({ signal }) => getJson<Report>('/lint', signal) });
  const areas = [...new Set(data?.findings.map(({ resource }) => resource))];
  const shown = data?.findings.filter(({ resource }) => only === null || resource === only) ?? [];
  const chip = (key: string | null, label: string, count: number) => (
    <Chip
      key={key ?? 'all'}
      size="small"
      label={`${label} ${showCount(count)}`}
      variant={only === key ? 'filled' : 'outlined'}
      color={only === key ? 'primary' : 'default'}
      aria-pressed={only === key}
      onClick={() => setOnly(key)}
    />
  );
  return (
    <>
      <PageHeader
        title={translate('setup.linter.title')}
        subtitle={
          data &&
          `${translate('setup.linter.errors', { smart_count: data.errors })}, ${translate('setup.linter.warnings', { smart_count: data.warnings })}`
        }
        actions={
          <Button variant="outlined" startIcon={<RefreshIcon />} disabled={isFetching} onClick={() => void refetch()}>
            {translate('setup.linter.again')}
          </Button>
        }
      />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 960 }}>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 2, maxWidth: 720 }}>
          {translate('setup.linter.intro')}
        </Typography>
        {error ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : (
          <>
            {areas.length > 1 && (
              <Box role="group" aria-label={translate('setup.linter.only')} sx={{ display: 'flex', gap: 0.75, flexWrap: 'wrap', mb: 1.5 }}>
                {chip(null, translate('setup.linter.all'), data?.findings.length ?? 0)}
                {areas.map((area) =>
                  chip(
                    area,
                    translate(`setup.linter.area.${area}`, { _: area }),
                    data?.findings.filter(({ resource }) => resource === area).length ?? 0,
                  ),
                )}
              </Box>
            )}
            <Box sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'hidden' }}>
              {!data ? (
                <RowsSkeleton rows={6} height={56} />
              ) : shown.length === 0 ? (
                <EmptyState icon={<CheckIcon />} title={translate('setup.linter.clean')} hint={translate('setup.linter.cleanHint')} />
              ) : (
                <Box role="list">
                  {shown.map((finding, index) => (
                    <Finding key={index} finding={finding} />
                  ))}
                </Box>
              )}
            </Box>
          </>
        )}
      </Box>
    </>
  );
};

export default LinterPage;
