import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import { Button, CircularProgress, Divider, Menu, MenuItem } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { API, ApiError } from '../../api/http-client';
import { useRefusalText } from '../../api/errors';
import { session } from '../../api/session';

const save = (name: string, blob: Blob): void => {
  const url = URL.createObjectURL(blob);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(url);
};

const LANGUAGES = ['both', 'zh', 'en'] as const;

/** With the bearer token a plain link could not carry. */
async function savePdf(
  id: number,
  key: string,
  version: { readonly versionId: number; readonly number: number },
  language: string,
): Promise<void> {
  const response = await fetch(`${API}/sla/contracts/${id}/pdf?version=${version.versionId}&language=${language}`, {
    headers: { Authorization: `Bearer ${session.token() ?? ''}` },
  });
  if (!response.ok) throw new ApiError(response.status, response.status === 403 ? 'FORBIDDEN' : 'SERVER_ERROR', response.statusText);
  save(`${key}-v${version.number}-${language}.pdf`, await response.blob());
}

/** The contract as a file: PDF with its signatures in one language or both, Markdown, or the printer. */
export const DownloadMenu = (props: {
  id: number;
  name: string;
  markdown: string | null;
  version: { readonly versionId: number; readonly number: number } | null;
}) => {
  const { id, name, markdown, version } = props;
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [busy, setBusy] = useState(false);
  const close = (): void => setAnchor(null);
  const pdf = (language: string): void => {
    close();
    if (!version) return;
    setBusy(true);
    savePdf(id, name, version, language)
      .catch((error: unknown) => notify(refusal(error), { type: 'error' }))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Button
        variant="outlined"
        disabled={busy}
        startIcon={busy ? <CircularProgress size={16} /> : <DownloadIcon />}
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {translate('sla.contracts.download')}
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close}>
        {LANGUAGES.map((language) => (
          <MenuItem key={language} disabled={version === null} onClick={() => pdf(language)}>
            {translate(`sla.contracts.pdf.${language}`)}
          </MenuItem>
        ))}
        <Divider />
        <MenuItem
          disabled={markdown === null}
          onClick={() => {
            close();
            if (markdown !== null) save(`${name}.md`, new Blob([markdown], { type: 'text/markdown' }));
          }}
        >
          {translate('sla.contracts.markdown')}
        </MenuItem>
        <MenuItem
          onClick={() => {
            close();
            // The menu is gone before the page is printed.
            requestAnimationFrame(() => requestAnimationFrame(() => window.print()));
          }}
        >
          {translate('sla.contracts.print')}
        </MenuItem>
      </Menu>
    </>
  );
};
