import BackIcon from '@mui/icons-material/ArrowBack';
import { Box, IconButton, Tab, Tabs, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { ComponentType } from 'react';
import { Link, useParams, useSearchParams } from 'react-router-dom';
import { ErrorState } from '../../common/error-state';
import { PageSkeleton, useDocumentTitle } from '../../common/page';
import { usePolicyRecord } from '../policy/use-policy';
import { BacktestTab } from './backtest-tab';
import { CheckupTab, FeedbackTab } from './checkup-tab';
import { CompareTab } from './compare-tab';
import { SuggestTab } from './suggest-tab';

const TABS: readonly { readonly key: string; readonly Tab: ComponentType<{ policy: number }> }[] = [
  { key: 'backtest', Tab: BacktestTab },
  { key: 'suggest', Tab: SuggestTab },
  { key: 'checkup', Tab: CheckupTab },
  { key: 'feedback', Tab: FeedbackTab },
  { key: 'compare', Tab: CompareTab },
];

/** What history says about a grading model: a tab per question. */
const LabPage = () => {
  const translate = useTranslate();
  const id = Number(useParams().id);
  const [search, setSearch] = useSearchParams();
  const { data, error, refetch } = usePolicyRecord('grading-models', id);
  useDocumentTitle(translate('setup.lab.title'));
  const asked = search.get('tab');
  const current = TABS.find((tab) => tab.key === asked) ?? TABS[0]!;
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return (
    <Box>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, minHeight: 56, px: { xs: 1.5, md: 3 }, pt: 1 }}>
        <IconButton component={Link} to={`/setup/grading/${id}`} aria-label={translate('setup.lab.back')}>
          <BackIcon fontSize="small" />
        </IconButton>
        <Typography variant="h5" component="h1" noWrap>
          {data.name}
        </Typography>
        <Typography variant="body2" color="text.secondary" noWrap>
          {translate('setup.lab.title')}
        </Typography>
      </Box>
      <Tabs
        value={current.key}
        onChange={(_event, key: string) => setSearch({ tab: key }, { replace: true })}
        variant="scrollable"
        allowScrollButtonsMobile
        sx={{ px: { xs: 1, md: 3 }, borderBottom: 1, borderColor: 'divider' }}
      >
        {TABS.map(({ key }) => (
          <Tab key={key} value={key} label={translate(`setup.lab.${key}.tab`)} />
        ))}
      </Tabs>
      <Box role="tabpanel" aria-label={translate(`setup.lab.${current.key}.tab`)} sx={{ p: { xs: 1.5, md: 3 }, maxWidth: 1240 }}>
        <current.Tab key={current.key} policy={id} />
      </Box>
    </Box>
  );
};

export default LabPage;
