export { createResourceGateway, type GateRequest, type GatewayDeps, type ListResult, type ResourceGateway, type VerbCall } from './gateway';
export { createConsoleRoutes, type ConsoleRouteOptions, type ConsoleRoute } from './http';
export { renderError } from './errors';
export type { BulkResult } from './verbs';
export type { ResourcePart } from './registry';
export type { Row } from './rows';
export type { SumRow, SumsAsked } from './sums';
