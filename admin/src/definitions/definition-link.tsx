import InfoIcon from '@mui/icons-material/InfoOutlined';
import { Box, Link as MuiLink, Tooltip } from '@mui/material';
import { useTranslate } from 'ra-core';
import { Link } from 'react-router-dom';
import { useMeta } from '../api/session-context';
import { useLookups } from '../common/lookups';
import { useText } from '../common/text';
import { thumbSized } from '../theme/theme';

/** Beside a group of numbers: how they are counted, and by which version of the definitions. */
export const CountedLink = ({ of, name }: { of: string; name: string }) => {
  const translate = useTranslate();
  const { definitions } = useMeta();
  const version = definitions ? translate('definition.byVersion', { version: definitions.version }) : translate('definition.standard');
  return (
    <Tooltip title={`${translate(`definition.count.${of}`)} ${version}`}>
      <Box
        component={Link}
        to={`/definitions#count-${of}`}
        aria-label={translate('definition.counted', { name })}
        sx={{ ...thumbSized, display: 'inline-flex', p: 0.5, color: 'text.disabled', '&:hover': { color: 'primary.main' } }}
      >
        <InfoIcon sx={{ fontSize: 16 }} />
      </Box>
    </Tooltip>
  );
};

/** From a number to what it counts: the meaning of one stage, or (`all`) the version all stages are counted by. */
export const DefinitionLink = ({ stage, all }: { stage?: string; all?: boolean }) => {
  const translate = useTranslate();
  const text = useText();
  const lookups = useLookups();
  const { definitions } = useMeta();
  if (all) {
    return (
      <MuiLink component={Link} to="/definitions" color="inherit" underline="hover">
        {definitions ? translate('definition.byVersion', { version: definitions.version }) : translate('definition.standard')}
      </MuiLink>
    );
  }
  const meaning = text(lookups.stage(stage)?.definition);
  return (
    <Tooltip title={meaning || translate('definition.none')}>
      <Box
        component={Link}
        to={`/definitions#${stage ?? ''}`}
        aria-label={translate('definition.what', { stage: lookups.stageLabel(stage) })}
        sx={{ ...thumbSized, display: 'inline-flex', color: 'text.disabled', '&:hover': { color: 'primary.main' } }}
      >
        <InfoIcon sx={{ fontSize: 15 }} />
      </Box>
    </Tooltip>
  );
};
