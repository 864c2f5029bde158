import { lazy, type ComponentType } from 'react';
import { matchPath } from 'react-router-dom';

interface PageModule {
  readonly default: ComponentType;
}
type Load = () => Promise<PageModule>;

const leadPage: Load = () => import('./leads/page/lead-page');
const campaignsPage: Load = () => import('./campaigns/campaigns-page');

/** Each page is a part of its own, read when somebody goes there. */
const LOADS: Readonly<Record<string, Load>> = {
  '/home': () => import('./dashboards/home-page'),
  '/definitions': () => import('./definitions/definitions-page'),
  '/opportunities': () => import('./opportunities/opportunities-page'),
  '/profile': () => import('./profile/profile-page'),
  '/work': () => import('./work/work-page'),
  '/leads': () => import('./leads/list/leads-page'),
  '/leads/:id': leadPage,
  '/leads/:id/show': leadPage,
  '/pools/*': () => import('./pools/index'),
  '/accounts': () => import('./accounts/accounts-page'),
  '/accounts/:id': () => import('./accounts/account-page'),
  '/campaigns': campaignsPage,
  '/campaigns/:id': campaignsPage,
  '/activities': () => import('./activities/activities-page'),
  '/tasks': () => import('./tasks/tasks-page'),
  '/notices': () => import('./notices/notices-page'),
  '/setup/*': () => import('./setup/index'),
  '/imports/*': () => import('./imports/index'),
  '/sla/*': () => import('./sla/index'),
  '/routing/*': () => import('./routing/index'),
};

const parts = new Map([...new Set(Object.values(LOADS))].map((load) => [load, lazy(load)] as const));

/** Paths that show the same page share its component: going from one to the other keeps it as it is. */
export const PAGES = Object.entries(LOADS).map(([path, load]) => ({ path, Page: parts.get(load)! }));

/** Reads the page the address names while the session is still being asked for. What goes wrong is shown when the page is drawn. */
export const readPage = (pathname: string): void => {
  const [, load] = Object.entries(LOADS).find(([path]) => matchPath(path, pathname)) ?? [];
  load?.().catch(() => undefined);
};
