import { randomUUID } from 'node:crypto';
import type { HostContext } from '../../../../contracts';
import { AppError } from '../../../../contracts';

export interface ErrorLog {
  error(message: string, error?: unknown): void;
}

interface Rendered {
  readonly status: number;
  readonly name: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const NAMES: Readonly<Record<number, string>> = {
  400: 'ValidationError',
  401: 'UnauthorizedError',
  403: 'ForbiddenError',
  404: 'NotFoundError',
  405: 'MethodNotAllowedError',
  409: 'ConflictError',
  413: 'PayloadTooLargeError',
  429: 'RateLimitError',
  500: 'InternalServerError',
  503: 'ServiceUnavailableError',
};

const nameOf = (status: number): string => NAMES[status] ?? 'ApplicationError';
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

interface ZodProblem {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string; readonly code?: string }[];
}

/** By shape and not by class: each plugin may bring its own copy of zod. */
const isZodError = (error: unknown): error is ZodProblem =>
  isRecord(error) && (error['name'] === 'ZodError' || error['name'] === '$ZodError') && Array.isArray(error['issues']);

/** Errors of the host's body parser and router carry a status and say whether their text may be shown. */
const isExposed = (error: unknown): error is Error & { status: number } =>
  error instanceof Error && 'expose' in error && error.expose === true && 'status' in error && typeof error.status === 'number';

const DATABASE: Readonly<Record<string, readonly [string, number, string]>> = {
  '23505': ['CONFLICT', 409, 'Another record already has this value.'],
  '23503': ['REFERENCE_CONFLICT', 409, 'The record refers to one that does not exist, or another record still refers to it.'],
  '22003': ['QUERY_INVALID', 400, 'A number is out of range.'],
  '22P02': ['QUERY_INVALID', 400, 'A value does not fit the type of its field.'],
};

function known(error: unknown): Rendered | null {
  if (error instanceof AppError) {
    return { status: error.status, name: nameOf(error.status), message: error.message, details: { ...error.details, code: error.code } };
  }
  if (isZodError(error)) {
    const errors = error.issues.map((issue) => ({ path: issue.path.map(String), message: issue.message, code: issue.code }));
    return {
      status: 400,
      name: 'ValidationError',
      message: 'Some values are missing or not valid.',
      details: { code: 'VALIDATION', errors },
    };
  }
  if (isExposed(error))
    return { status: error.status, name: nameOf(error.status), message: error.message, details: { code: 'BAD_REQUEST' } };
  const database = isRecord(error) && typeof error['code'] === 'string' ? DATABASE[error['code']] : undefined;
  if (!database) return null;
  const [code, status, message] = database;
  return { status, name: nameOf(status), message, details: { code } };
}

/**
 * Answers with Strapi's error shape and a stable code. What nobody foresaw becomes 500 INTERNAL with the request id: the cause goes to the
 * log, nothing of it to the caller.
 */
export function renderError(ctx: HostContext, error: unknown, log: ErrorLog, requestId: string = randomUUID()): void {
  const rendered = known(error) ?? {
    status: 500,
    name: nameOf(500),
    message: `Something went wrong on our side. Quote request ${requestId} when you report it.`,
    details: { code: 'INTERNAL', requestId },
  };
  if (rendered.status >= 500) log.error(`Request ${requestId} ${ctx.method} ${ctx.path} failed`, error);
  ctx.status = rendered.status;
  ctx.body = { data: null, error: rendered };
}
