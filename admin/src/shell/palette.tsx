import SearchIcon from '@mui/icons-material/Search';
import { Box, Dialog, InputBase, Typography } from '@mui/material';
import { useTheme as useMuiTheme } from '@mui/material/styles';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useLocaleState, useLogout, useTranslate } from 'ra-core';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTheme } from 'react-admin';
import { createSearchParams, useNavigate } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import { useAccess } from '../api/session-context';
import type { Lead } from '../api/types';
import { useRested } from '../common/rested';
import { activeShortcuts, type Shortcut } from '../common/shortcuts';
import { asLocale } from '../common/text';
import { useMenu } from './menu';
import { askSources, matching, type Command } from './palette-commands';
import { openShortcutHelp } from './shortcut-help';

const OPEN = 'leadsea:palette';
const LEADS_SHOWN = 7;
const WAIT_MS = 160;

export const openPalette = (): void => {
  window.dispatchEvent(new Event(OPEN));
};

/** Leads whose name, company, mail or phone holds what was typed, and what other areas find. */
const useFound = (typed: string): Command[] => {
  const navigate = useNavigate();
  const provider = useDataProvider<ConsoleProvider>();
  const access = useAccess();
  const asked = useRested(typed.trim(), WAIT_MS);
  const { data } = useQuery({
    queryKey: ['palette', asked],
    queryFn: async () => {
      const leads = access.can('read', 'leads')
        ? (await provider.getAll<Lead>('leads', { q: asked }, ['score', 'DESC'], LEADS_SHOWN)).data
        : [];
      return { leads, others: await askSources(asked) };
    },
    enabled: asked.length >= 2,
    staleTime: 10_000,
  });
  if (typed.trim().length < 2 || !data) return [];
  const leads = data.leads.map((lead): Command => ({
    key: `lead-${lead.id}`,
    group: 'leads',
    label: lead.name || `#${lead.id}`,
    hint: lead.company ?? undefined,
    run: () => navigate(`/leads/${lead.id}`),
  }));
  return [...data.others, ...leads];
};

const useCommands = (page: readonly Shortcut[]): Command[] => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const menu = useMenu();
  const logout = useLogout();
  const [locale, setLocale] = useLocaleState();
  const [, setTheme] = useTheme();
  const { mode } = useMuiTheme().palette;
  return useMemo(() => {
    const action = (label: string, run: () => void): Command => ({ key: label, group: 'actions', label: translate(label), run });
    const pages = menu.flatMap((group) =>
      group.lines.map((line): Command => ({
        key: line.to,
        group: 'pages',
        label: translate(line.label),
        hint: group.label ? translate(group.label) : undefined,
        run: () => navigate(line.to),
      })),
    );
    const onPage = page.map((one): Command => ({
      key: `key-${one.key}`,
      group: 'onPage',
      label: translate(one.label),
      hint: one.key,
      run: one.run,
    }));
    return [
      ...onPage,
      ...pages,
      action('profile.title', () => navigate('/profile')),
      action('palette.theme', () => setTheme(mode === 'dark' ? 'light' : 'dark')),
      action('palette.language', () => void setLocale(asLocale(locale) === 'zh' ? 'en' : 'zh')),
      action('palette.shortcuts', openShortcutHelp),
      action('palette.logout', () => void logout()),
    ];
  }, [page, translate, menu, navigate, logout, locale, setLocale, setTheme, mode]);
};

const GROUPS = ['leads', 'onPage', 'pages', 'actions'] as const;

const Lines = (props: { found: readonly Command[]; at: number; onAt: (index: number) => void; onRun: (command: Command) => void }) => {
  const translate = useTranslate();
  return (
    <Box role="listbox" id="palette-list" aria-label={translate('palette.title')} sx={{ overflowY: 'auto', py: 1, flex: 1, minHeight: 0 }}>
      {GROUPS.map((group) => {
        const own = props.found.flatMap((command, index) => (command.group === group ? [{ command, index }] : []));
        if (own.length === 0) return null;
        return (
          <Box key={group} role="group" aria-label={translate(`palette.${group}`)}>
            <Typography variant="subtitle2" component="div" aria-hidden="true" sx={{ px: 2, pt: 0.5 }}>
              {translate(`palette.${group}`)}
            </Typography>
            {own.map(({ command, index }) => (
              <Box
                key={command.key}
                id={`palette-${index}`}
                role="option"
                aria-selected={index === props.at}
                onMouseMove={() => props.onAt(index)}
                onClick={() => props.onRun(command)}
                sx={{
                  display: 'flex',
                  alignItems: 'center',
                  gap: 1.5,
                  minHeight: 38,
                  mx: 1,
                  px: 1,
                  borderRadius: 1,
                  cursor: 'pointer',
                  fontSize: 14,
                  bgcolor: index === props.at ? 'action.selected' : undefined,
                }}
              >
                <Box component="span" sx={{ flex: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
                  {command.label}
                </Box>
                {command.hint &&
                  (command.group === 'onPage' ? (
                    <kbd>{command.hint}</kbd>
                  ) : (
                    <Box sx={{ color: 'text.secondary', fontSize: 12.5 }}>{command.hint}</Box>
                  ))}
              </Box>
            ))}
          </Box>
        );
      })}
    </Box>
  );
};

const Palette = ({ page, close }: { page: readonly Shortcut[]; close: () => void }) => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const access = useAccess();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const commands = useCommands(page);
  const leads = useFound(typed);
  const found = useMemo(() => {
    const all = matching([...leads, ...commands], typed);
    const search: Command = {
      key: 'all-leads',
      group: 'leads',
      label: translate('palette.allLeads', { q: typed.trim() }),
      run: () => navigate({ pathname: '/leads', search: createSearchParams({ filter: JSON.stringify({ q: typed.trim() }) }).toString() }),
    };
    const shown = typed.trim().length >= 2 && access.can('read', 'leads') ? [...all, search] : all;
    return GROUPS.flatMap((group) => shown.filter((command) => command.group === group));
  }, [leads, commands, typed, translate, navigate, access]);
  const best = useRef(0);
  // The best answer is chosen at first, wherever its group stands.
  best.current = Math.max(
    0,
    found.findIndex((command) => command === matching([...leads, ...commands], typed)[0]),
  );
  useEffect(() => setAt(best.current), [typed, found.length]);
  useEffect(() => document.getElementById(`palette-${at}`)?.scrollIntoView({ block: 'nearest' }), [at]);
  const run = (command: Command | undefined): void => {
    if (!command) return;
    close();
    // After the dialog has gone: what runs may open another one or move the focus.
    setTimeout(command.run, 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((current) => (found.length === 0 ? 0 : (current + step + found.length) % found.length));
    }
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(found[at]);
    }
  };
  return (
    <Dialog
      open
      onClose={close}
      fullWidth
      maxWidth="sm"
      aria-label={translate('palette.title')}
      transitionDuration={0}
      sx={{ '& .MuiDialog-container': { alignItems: 'flex-start' } }}
      slotProps={{
        paper: { sx: { mt: { xs: 1, sm: '12vh' }, maxHeight: { xs: '90dvh', sm: '60vh' }, mx: { xs: 1, sm: 4 }, width: '100%' } },
      }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, px: 2, minHeight: 52, borderBottom: 1, borderColor: 'divider' }}>
        <SearchIcon sx={{ color: 'text.secondary' }} fontSize="small" />
        <InputBase
          autoFocus
          fullWidth
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder={translate('palette.placeholder')}
          inputProps={{
            'aria-label': translate('palette.placeholder'),
            role: 'combobox',
            'aria-expanded': true,
            'aria-controls': 'palette-list',
            'aria-activedescendant': found.length > 0 ? `palette-${at}` : undefined,
          }}
        />
      </Box>
      <Lines found={found} at={at} onAt={setAt} onRun={run} />
      {found.length === 0 && (
        <Typography variant="body2" color="text.secondary" sx={{ px: 2, pb: 3, textAlign: 'center' }}>
          {translate('palette.none', { q: typed })}
        </Typography>
      )}
      <Typography
        variant="caption"
        color="text.secondary"
        sx={{ px: 2, py: 1, borderTop: 1, borderColor: 'divider', display: { xs: 'none', sm: 'block' } }}
      >
        {translate('palette.hint')}
      </Typography>
    </Dialog>
  );
};

/** Ctrl K or ⌘ K anywhere: pages, leads by name, what can be done here. */
export const CommandPalette = () => {
  const [page, setPage] = useState<readonly Shortcut[] | null>(null);
  useEffect(() => {
    const show = (): void => setPage((current) => current ?? activeShortcuts().filter(({ key }) => !key.startsWith('g ') && key !== '?'));
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      show();
    };
    window.addEventListener('keydown', onKey);
    window.addEventListener(OPEN, show);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener(OPEN, show);
    };
  }, []);
  return page ? <Palette page={page} close={() => setPage(null)} /> : null;
};
