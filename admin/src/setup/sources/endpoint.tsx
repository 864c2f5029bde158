import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { CopyButton } from '../kit/copy-button';
import { curlOf, saysTest } from './example';

const Copyable = ({ label, text }: { label: string; text: string }) => (
  <Box>
    <Typography variant="subtitle2">{label}</Typography>
    <Box sx={{ display: 'flex', alignItems: 'flex-start', gap: 0.5, bgcolor: 'action.hover', borderRadius: 1, pl: 1.5, pr: 0.5, py: 0.5 }}>
      <Box
        component="pre"
        tabIndex={0}
        aria-label={label}
        sx={{ flex: 1, minWidth: 0, m: 0, py: 0.5, fontSize: 12, lineHeight: 1.5, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
      >
        {text}
      </Box>
      <CopyButton text={text} of={label} />
    </Box>
  </Box>
);

/** The address leads are sent to, and a command that tries it. */
export const Endpoint = ({ sourceKey, adapter, isNew }: { sourceKey: string; adapter: string; isNew: boolean }) => {
  const translate = useTranslate();
  const url = `${window.location.origin}/api/capture/${sourceKey}`;
  return (
    <Box sx={{ display: 'grid', gap: 1.5, '& > *': { minWidth: 0 } }}>
      <Copyable label={translate('setup.source.endpoint')} text={url} />
      <Copyable label={translate('setup.source.example')} text={curlOf(url, adapter)} />
      <Typography variant="caption" color="text.secondary">
        {isNew && `${translate('setup.source.afterSaving')} `}
        {translate(saysTest(adapter) ? 'setup.source.exampleTest' : 'setup.source.exampleReal')}
      </Typography>
    </Box>
  );
};
