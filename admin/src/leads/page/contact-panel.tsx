import CallIcon from '@mui/icons-material/CallOutlined';
import CopyIcon from '@mui/icons-material/ContentCopy';
import EyeIcon from '@mui/icons-material/VisibilityOutlined';
import MailIcon from '@mui/icons-material/MailOutlined';
import ChatIcon from '@mui/icons-material/ChatOutlined';
import { Box, Button, IconButton, Link, Tooltip, Typography } from '@mui/material';
import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useEffect, useState, type ReactNode } from 'react';
import type { ConsoleProvider } from '../../api/data-provider';
import { useRefusalText } from '../../api/errors';
import { useAccess } from '../../api/session-context';
import type { Lead } from '../../api/types';
import { Panel } from '../../common/panel';
import { useLeadsChanged } from '../use-lead-verbs';

type ContactField = 'phone' | 'email' | 'wechat';
type Revealed = Partial<Record<ContactField, string | null>>;

const FIELDS: { key: ContactField; icon: ReactNode; href: (value: string) => string | undefined; log?: string }[] = [
  { key: 'phone', icon: <CallIcon fontSize="small" />, href: (value) => `tel:${value.replace(/[^\d+]/g, '')}`, log: 'call' },
  { key: 'email', icon: <MailIcon fontSize="small" />, href: (value) => `mailto:${value}`, log: 'mail' },
  { key: 'wechat', icon: <ChatIcon fontSize="small" />, href: () => undefined },
];

/** Ways to reach the person; what the role may not see at once is revealed on request, and the reveal is recorded. */
export const ContactPanel = ({ lead, onLog }: { lead: Lead; onLog: (kind: string) => void }) => {
  const translate = useTranslate();
  const access = useAccess();
  const provider = useDataProvider<ConsoleProvider>();
  const notify = useNotify();
  const refusalText = useRefusalText();
  const changed = useLeadsChanged();
  const [revealed, setRevealed] = useState<Revealed>({});
  useEffect(() => setRevealed({}), [lead.id, lead.owner]);
  const shown = FIELDS.filter(({ key }) => lead[key]);
  const hidden = shown.filter(({ key }) => lead._masked?.includes(key) && revealed[key] === undefined).map(({ key }) => key);
  const reveal = async (): Promise<void> => {
    try {
      setRevealed(await provider.leadVerb<Revealed>(lead.id, 'reveal'));
      changed();
    } catch (error) {
      notify(refusalText(error), { type: 'error' });
    }
  };
  const copy = async (value: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
      notify(translate('contact.copied'));
    } catch {
      notify(translate('contact.copyFailed'), { type: 'warning' });
    }
  };
  return (
    <Panel
      title={translate('contact.title')}
      actions={
        hidden.length > 0 &&
        access.can('reveal', 'leads', lead) && (
          <Button startIcon={<EyeIcon />} onClick={() => void reveal()}>
            {translate('contact.reveal')}
          </Button>
        )
      }
    >
      {shown.length === 0 && (
        <Typography variant="body2" color="text.secondary">
          {translate('contact.none')}
        </Typography>
      )}
      {shown.map(({ key, icon, href, log }) => {
        const value = revealed[key] ?? lead[key] ?? '';
        const isMasked = hidden.includes(key);
        const link = isMasked ? undefined : href(value);
        return (
          <Box key={key} sx={{ display: 'flex', alignItems: 'center', gap: 1.25, height: 36, color: 'text.secondary' }}>
            {icon}
            <Box sx={{ flex: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', fontSize: 14 }}>
              {link ? (
                <Link href={link} underline="hover" color="text.primary" onClick={() => log && onLog(log)}>
                  {value}
                </Link>
              ) : (
                <Box component="span" sx={{ color: isMasked ? 'text.secondary' : 'text.primary' }}>
                  {value}
                </Box>
              )}
            </Box>
            {!isMasked && (
              <Tooltip title={translate('contact.copy')}>
                <IconButton aria-label={translate('contact.copy')} onClick={() => void copy(value)}>
                  <CopyIcon sx={{ fontSize: 16 }} />
                </IconButton>
              </Tooltip>
            )}
          </Box>
        );
      })}
    </Panel>
  );
};
