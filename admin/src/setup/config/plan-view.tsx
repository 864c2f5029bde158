import type { ConfigPlan } from '@leadsea/crm-core/contracts/config';
import { Alert, Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { ToneChip } from '../../common/badges';

const TONES = { create: 'success', update: 'info', remove: 'danger' } as const;
const MOST = 160;

const Value = ({ value, gone }: { value: unknown; gone?: boolean }) => {
  const translate = useTranslate();
  const text =
    value === null || value === undefined ? translate('setup.config.empty') : typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <Box
      component="span"
      title={text.length > MOST ? text : undefined}
      sx={{
        px: 0.5,
        borderRadius: 0.5,
        overflowWrap: 'anywhere',
        textDecoration: gone ? 'line-through' : undefined,
        color: gone ? 'text.secondary' : 'text.primary',
        bgcolor: 'action.hover',
      }}
    >
      {text.length > MOST ? `${text.slice(0, MOST)}…` : text}
    </Box>
  );
};

/** What a text would change here, place by place. */
export const PlanView = ({ plan }: { plan: ConfigPlan }) => {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'grid', gap: 2, '& > *': { minWidth: 0 } }} data-testid="config-plan">
      {plan.problems.length > 0 && (
        <Alert severity="error">
          <b>{translate('setup.config.problems')}</b>
          {plan.problems.map(({ section, key, message }) => (
            <div key={`${section} ${key ?? ''} ${message}`}>
              {section} {key}: {message}
            </div>
          ))}
        </Alert>
      )}
      {plan.changes.length === 0 && plan.problems.length === 0 && <Alert severity="success">{translate('setup.config.nothing')}</Alert>}
      {plan.changes.length > 0 && (
        <Box sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1 }}>
          {plan.changes.map(({ section, key, action, differences }) => (
            <Box
              key={`${section} ${key}`}
              sx={{ px: 2, py: 1, borderBottom: 1, borderColor: 'divider', '&:last-child': { borderBottom: 0 } }}
            >
              <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
                <ToneChip tone={TONES[action]} text={translate(`setup.config.action.${action}`)} />
                <b>{key}</b>
                <Typography variant="body2" color="text.secondary">
                  {section}
                </Typography>
              </Box>
              {action === 'update' &&
                differences.map(({ path, before, after }) => (
                  <Box key={path} sx={{ fontSize: 12, mt: 0.5, fontFamily: 'ui-monospace, monospace' }}>
                    {path}: <Value value={before} gone /> → <Value value={after} />
                  </Box>
                ))}
            </Box>
          ))}
        </Box>
      )}
      {plan.extra.length > 0 && (
        <Typography variant="body2" color="text.secondary">
          {translate('setup.config.extra')}: {plan.extra.map(({ section, key }) => `${section} ${key}`).join(', ')}.{' '}
          {translate('setup.config.extraHelp')}
        </Typography>
      )}
    </Box>
  );
};
