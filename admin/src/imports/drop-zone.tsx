import UploadIcon from '@mui/icons-material/UploadFileOutlined';
import { Box, LinearProgress, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useRef, useState, type DragEvent } from 'react';

/** Takes one file: dropped, or chosen with a click or the keyboard. */
export const DropZone = ({ busy, error, take }: { busy: boolean; error: string | null; take: (file: File) => void }) => {
  const translate = useTranslate();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && !busy) take(file);
  };
  return (
    <Box
      role="button"
      tabIndex={0}
      aria-busy={busy}
      onClick={() => input.current?.click()}
      onKeyDown={(event) => (event.key === 'Enter' || event.key === ' ') && input.current?.click()}
      onDragOver={(event) => (event.preventDefault(), setOver(true))}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      sx={{
        position: 'relative',
        display: 'grid',
        justifyItems: 'center',
        gap: 0.5,
        p: 4,
        textAlign: 'center',
        border: 2,
        borderStyle: 'dashed',
        borderColor: over ? 'primary.main' : 'divider',
        borderRadius: 2,
        bgcolor: over ? 'action.selected' : 'background.paper',
        cursor: 'pointer',
        '&:focus-visible': { outline: 2, outlineColor: 'primary.main' },
      }}
    >
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.tsv,.txt,.xlsx"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) take(file);
        }}
      />
      <UploadIcon color="primary" />
      <Typography variant="subtitle1">{translate(busy ? 'imports.uploading' : 'imports.drop')}</Typography>
      <Typography variant="body2" color={error ? 'error' : 'text.secondary'}>
        {error ?? translate('imports.dropHint')}
      </Typography>
      {busy && <LinearProgress sx={{ position: 'absolute', bottom: 0, left: 0, right: 0 }} />}
    </Box>
  );
};
