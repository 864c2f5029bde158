import { Box, Dialog, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useEffect, useState } from 'react';
import { activeShortcuts, useShortcuts } from '../common/shortcuts';

const OPEN = 'leadsea:shortcuts';

export const openShortcutHelp = (): void => {
  window.dispatchEvent(new Event(OPEN));
};

/** The keys that work on the page behind it; opened with `?`. */
export const ShortcutHelp = () => {
  const translate = useTranslate();
  const [shown, setShown] = useState<{ key: string; label: string }[] | null>(null);
  useEffect(() => {
    const open = (): void => setShown(activeShortcuts().map(({ key, label }) => ({ key, label })));
    window.addEventListener(OPEN, open);
    return () => window.removeEventListener(OPEN, open);
  }, []);
  useShortcuts([{ key: '?', label: 'shortcuts.help', run: openShortcutHelp }]);
  return (
    <Dialog open={shown !== null} onClose={() => setShown(null)} maxWidth="xs" fullWidth>
      <DialogTitle>{translate('shortcuts.title')}</DialogTitle>
      <DialogContent>
        <Box sx={{ display: 'grid', gridTemplateColumns: 'auto 1fr', gap: 1.25, alignItems: 'center' }}>
          {shown?.map((shortcut) => (
            <Box key={shortcut.key} sx={{ display: 'contents' }}>
              <kbd>{shortcut.key}</kbd>
              <Typography variant="body2">{translate(shortcut.label)}</Typography>
            </Box>
          ))}
        </Box>
      </DialogContent>
    </Dialog>
  );
};
