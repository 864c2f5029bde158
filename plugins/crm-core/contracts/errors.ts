/** Every refusal: a stable code, what is wrong, and facts the caller needs to put it right. Rendered in Strapi's error shape. */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, status: number, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

export const badRequest = (code: string, message: string, details?: Record<string, unknown>): AppError =>
  new AppError(code, 400, message, details);
export const forbidden = (message = 'Your role does not allow this.', details?: Record<string, unknown>): AppError =>
  new AppError('FORBIDDEN', 403, message, details);
export const notFound = (what = 'Record'): AppError => new AppError('NOT_FOUND', 404, `${what} was not found.`);
export const conflict = (code: string, message: string, details?: Record<string, unknown>): AppError =>
  new AppError(code, 409, message, details);
