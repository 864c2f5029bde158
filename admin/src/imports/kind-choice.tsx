import { Box, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useAccess } from '../api/session-context';
import { IMPORT_KINDS, type ImportKind } from './types';

/** The kinds of record this person may import. */
export const useImportKinds = (): readonly ImportKind[] => {
  const access = useAccess();
  return IMPORT_KINDS.filter((kind) => access.can('import', kind));
};

/** What a file holds; a person who may import one kind only is not asked. */
export const KindChoice = (props: { value: ImportKind; busy?: boolean; change: (kind: ImportKind) => void }) => {
  const translate = useTranslate();
  const kinds = useImportKinds();
  if (kinds.length < 2) return null;
  return (
    <Box sx={{ display: 'grid', gap: 0.75, justifyItems: 'start' }}>
      <Typography variant="subtitle2" id="import-kind">
        {translate('imports.holds')}
      </Typography>
      <ToggleButtonGroup
        exclusive
        size="small"
        color="primary"
        aria-labelledby="import-kind"
        value={props.value}
        disabled={props.busy}
        onChange={(_event, kind: ImportKind | null) => kind && kind !== props.value && props.change(kind)}
        sx={{ flexWrap: 'wrap', bgcolor: 'background.paper', maxWidth: '100%' }}
      >
        {kinds.map((kind) => (
          <ToggleButton key={kind} value={kind} sx={{ px: { xs: 1.25, sm: 2 }, textTransform: 'none' }}>
            {translate(`imports.kinds.${kind}`)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Typography variant="body2" color="text.secondary" sx={{ minHeight: { xs: 40, sm: 20 } }}>
        {translate(`imports.kindHint.${props.value}`)}
      </Typography>
    </Box>
  );
};
