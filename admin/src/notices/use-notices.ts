import { useQueryClient } from '@tanstack/react-query';
import { useDataProvider } from 'ra-core';
import { useCallback } from 'react';
import { useNavigate } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import { postJson } from '../api/http-client';
import type { Notice } from '../api/types';
import { linkOf } from './notice-row';

/** Reading and opening notices; the badge and lists follow. A failure leaves them unread, which is harmless. */
export const useNoticeActions = (): { open: (notice: Notice) => void; readAll: () => Promise<void> } => {
  const navigate = useNavigate();
  const client = useQueryClient();
  const provider = useDataProvider<ConsoleProvider>();
  const refresh = useCallback(() => client.invalidateQueries({ queryKey: ['notifications'] }), [client]);
  const open = useCallback(
    (notice: Notice): void => {
      if (!notice.readAt)
        void provider
          .readNotices([Number(notice.id)])
          .catch(() => undefined)
          .then(refresh);
      const link = linkOf(notice);
      if (link) navigate(link);
    },
    [navigate, provider, refresh],
  );
  const readAll = useCallback(async () => {
    await postJson('/notifications/read-all', {}).catch(() => undefined);
    await refresh();
  }, [refresh]);
  return { open, readAll };
};
