export * from './contracts';
export * as attributes from './server/src/content-types/attributes';
export { camel, documentId, insertRow, many, one, snake, updateRow } from './server/src/services/rows';
export * as calendarTime from './server/src/domain/calendar';
export { wallTime } from './server/src/domain/wall-time';
export * as facts from './server/src/domain/conditions';
export { createBatcher } from './server/src/services/batcher';
export { likePattern, likeText, matchPattern } from './server/src/domain/like';
export { databaseJson } from './server/src/domain/machine/json';
export { rowsAs, type Column } from './server/src/services/columns';
export { grant } from './server/src/migrations/grants';
export { ERASURE_SEALED, rewriteEvents, sealOfErasure, type RewrittenEvent } from './server/src/services/audit/rewrite';
export { inTransaction } from './server/src/services/in-transaction';
export { checkOutboundUrl, postOutside } from './server/src/services/outbound';
/** The product's own zod, for schemas that are handed to it: one made by another version would not be understood. */
export { z } from 'zod';
