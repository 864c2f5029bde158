import CheckIcon from '@mui/icons-material/CheckCircleOutline';
import ErrorIcon from '@mui/icons-material/ErrorOutline';
import WarnIcon from '@mui/icons-material/WarningAmber';
import { Box, ButtonBase } from '@mui/material';
import { useTranslate } from 'ra-core';
import { Link } from 'react-router-dom';
import { hashOf } from '../kit/place';
import { normalPath } from '../kit/tree';
import type { Finding } from './types';

/** A place of a body in words: `recycle.rules[0].when` is “Recycling › Rules › 1 › Condition”. */
export const usePlaceWords = (): ((path: string | undefined) => string) => {
  const translate = useTranslate();
  return (path) =>
    path
      ? normalPath(path)
          .split('.')
          .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : translate(`setup.part.${part}`, { _: part })))
          .join(' › ')
      : '';
};

const FindingLine = ({ finding, leave }: { finding: Finding; leave?: () => void }) => {
  const translate = useTranslate();
  const place = usePlaceWords()(finding.path);
  const colour = finding.level === 'error' ? 'error.main' : 'warning.main';
  const Icon = finding.level === 'error' ? ErrorIcon : WarnIcon;
  const words = (
    <>
      <Icon fontSize="small" titleAccess={translate(`setup.linter.${finding.level}`)} sx={{ color: colour, flex: 'none' }} />
      <Box sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        {translate(`setup.finding.${finding.code}`, { _: finding.message })}
        {place && <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{place}</Box>}
      </Box>
    </>
  );
  const look = { display: 'flex', alignItems: 'flex-start', gap: 1, fontSize: 13 };
  if (!place) return <Box sx={{ ...look, py: 0.5 }}>{words}</Box>;
  return (
    <ButtonBase
      component={Link}
      to={hashOf(finding.path)}
      replace
      onClick={leave}
      sx={{
        ...look,
        justifyContent: 'flex-start',
        textAlign: 'left',
        mx: -1,
        px: 1,
        py: 0.5,
        minHeight: 44,
        borderRadius: 1,
        '&:hover': { bgcolor: 'action.hover' },
      }}
    >
      {words}
    </ButtonBase>
  );
};

/** What the checks say of the draft; each leads to the field or rule it speaks of. `leave` closes what covers the form. */
export const Findings = ({ findings, leave }: { findings: readonly Finding[]; leave?: () => void }) => {
  const translate = useTranslate();
  if (findings.length === 0)
    return (
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', color: 'success.main', fontSize: 13 }}>
        <CheckIcon fontSize="small" /> {translate('setup.policy.noFindings')}
      </Box>
    );
  return (
    <Box sx={{ display: 'grid', gap: 0.5 }}>
      {findings.map((finding, index) => (
        <FindingLine key={index} finding={finding} leave={leave} />
      ))}
    </Box>
  );
};
