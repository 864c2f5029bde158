export { compileCondition, examineCondition, type CompileInput, type Compiled } from './compile';
export { customFieldFact, type CustomFactOptions } from './custom-fact';
export {
  behaviourFacts,
  factsFromColumns,
  factsFromRelated,
  operatorsOf,
  sinceFact,
  type BehaviourTable,
  type ColumnFact,
  type RelatedFacts,
} from './facts';
export { findNever, type Never } from './never';
export { CONDITION_INVALID, type Problem } from './problem';
