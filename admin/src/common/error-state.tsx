import ErrorIcon from '@mui/icons-material/ErrorOutline';
import LockIcon from '@mui/icons-material/LockOutlined';
import { Button } from '@mui/material';
import { useTranslate } from 'ra-core';
import { asRefusal } from '../api/errors';
import { ApiError } from '../api/http-client';
import { EmptyState } from './empty-state';

/** A page or panel that could not be loaded; says why and offers another try, unless it will be the same: it is not for this reader. Works outside a session. */
export const ErrorState = ({ error, retry, dense }: { error: unknown; retry?: () => void; dense?: boolean }) => {
  const translate = useTranslate();
  const refusal = asRefusal(error);
  const isClosed = error instanceof ApiError && error.status === 403;
  const known = refusal.code
    ? translate(`errors.${refusal.code}`, { message: refusal.message, _: refusal.message, ...refusal.details })
    : '';
  const hint = known === '' || known.includes('%{') ? refusal.message : known;
  return (
    <EmptyState
      dense={dense}
      icon={isClosed ? <LockIcon /> : <ErrorIcon />}
      title={translate(isClosed ? 'common.notForYou' : 'common.loadFailed')}
      hint={hint}
      action={
        retry &&
        !isClosed && (
          <Button variant="outlined" onClick={retry}>
            {translate('common.retry')}
          </Button>
        )
      }
    />
  );
};
