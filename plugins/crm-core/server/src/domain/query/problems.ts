import { AppError, badRequest } from '../../../../contracts';

export const queryInvalid = (message: string, details?: Record<string, unknown>): AppError => badRequest('QUERY_INVALID', message, details);

/** Also the answer for a field that is hidden from the caller: nothing tells the two apart. */
export const fieldUnknown = (field: string): AppError => badRequest('FIELD_UNKNOWN', `There is no field "${field}".`, { field });

export const notSearchable = (field: string): AppError =>
  new AppError('FIELD_NOT_SEARCHABLE', 403, `"${field}" is masked for your role, so it cannot be searched, filtered or sorted by.`, {
    field,
  });
