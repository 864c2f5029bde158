import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, RouterProvider } from 'react-router-dom';
import { App } from './app';
import { askEarly } from './api/early';
import { session } from './api/session';
import { createI18nProvider, preferredLocale } from './i18n';
import { readPage } from './pages';

const BASE = '/console';

/** The words of one language come first, so that the first paint is already in it. */
const start = async (): Promise<void> => {
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root element.');
  const i18nProvider = await createI18nProvider(preferredLocale());
  const router = createBrowserRouter([{ path: '*', element: <App i18nProvider={i18nProvider} /> }], { basename: BASE });
  createRoot(root).render(
    <StrictMode>
      <RouterProvider router={router} />
    </StrictMode>,
  );
};

askEarly();
if (session.token()) readPage(location.pathname.slice(BASE.length));
void start();
