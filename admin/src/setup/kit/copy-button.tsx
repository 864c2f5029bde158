import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import { IconButton, Tooltip } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';

/** Puts a text on the clipboard and says so. `of` names the text for those who do not see where the button stands. */
export const CopyButton = ({ text, of, disabled }: { text: string; of: string; disabled?: boolean }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      notify('setup.kit.copied', { type: 'info' });
    } catch {
      notify('setup.kit.copyFailed', { type: 'warning' });
    }
  };
  return (
    <Tooltip title={translate('setup.kit.copy')}>
      <span>
        <IconButton size="small" disabled={disabled} aria-label={translate('setup.kit.copyOf', { of })} onClick={() => void copy()}>
          <CopyIcon fontSize="small" />
        </IconButton>
      </span>
    </Tooltip>
  );
};
