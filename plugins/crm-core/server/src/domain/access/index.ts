export { abilityFor, grantedScopes, rolesOf } from './rules';
export { abilityOf, allowsRow, conditionsFor, type CrmAbility } from './ability';
export { fieldAccess, fieldMap } from './fields';
export { maskValue } from './mask';
export { scopeSql } from './scope-sql';
export { identifier, rowShape, SCOPE_NAMES, snakeCase, usualShape, valueSql, valuesSql, type RowShape } from './shape';
