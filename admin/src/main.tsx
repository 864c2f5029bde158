import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, RouterProvider } from 'react-router-dom';
import { App } from './app';
import { createI18nProvider, preferredLocale } from './i18n';

/** The words of one language come first, so that the first paint is already in it. */
const start = async (): Promise<void> => {
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root element.');
  const i18nProvider = await createI18nProvider(preferredLocale());
  const router = createBrowserRouter([{ path: '*', element: <App i18nProvider={i18nProvider} /> }], { basename: '/console' });
  createRoot(root).render(
    <StrictMode>
      <RouterProvider router={router} />
    </StrictMode>,
  );
};

void start();
