import { getKit } from '@leadsea/crm-core';
import type { Host } from '@leadsea/crm-core';
import { getLeads } from '@leadsea/leads';
import { decayKinds } from './domain/custom-decay';
import { gradingMigrations } from './migrations';
import { accountFacts, handleAccounts } from './services/accounts';
import { accountScores } from './services/account-view';
import { explainScore } from './services/explain';
import { gradingFacts } from './services/facts';
import { gradingKind } from './services/policy-kind';
import { gradeReactor, recycledReactor } from './services/reactor';
import { decisionWords, scoreVerbs } from './services/lead-verbs';
import { handleProductIndexes, knownProducts, productFacts, productFields, watchProducts } from './services/product-facts';
import { handleRegrades } from './services/regrade';
import { handleReviews } from './services/review';
import { handleStanding } from './services/standing';
import { handleShadows } from './services/shadow';
import { handleCheckups } from './services/study/schedule';
import { studiesResource, studyVerbs } from './services/study/resource';
import { handleStudies } from './services/study/run';
import { GRADING_RESOURCE } from '../../contracts';

/** Announces everything grading adds: its table, facts, policy kind, reactor, timer, job and explanation. */
export function register({ strapi }: { strapi: Host }): void {
  const kit = getKit(strapi);
  const leads = getLeads(strapi);
  kit.migrations.add('lead-grading', gradingMigrations);
  kit.conditions.addFacts(gradingFacts);
  kit.policies.define(gradingKind(kit));
  leads.reactors.add(gradeReactor(kit));
  leads.reactors.add(recycledReactor(kit));
  handleReviews(kit, leads);
  handleRegrades(kit, leads);
  handleShadows(kit);
  handleStanding(kit);
  handleAccounts(kit, leads);
  kit.conditions.addFacts(accountFacts);
  kit.resources.extend('accounts', { decorate: accountScores(kit) });
  handleStudies(kit, leads);
  handleCheckups(kit);
  kit.resources.define(studiesResource);
  handleProductIndexes(kit);
  kit.conditions.addFactSource('lead', () => productFacts(kit));
  kit.onReady('lead-grading', () => watchProducts(kit));
  kit.resources.extend('leads', { verbs: scoreVerbs(kit), dynamicFields: () => productFields(kit) });
  kit.addMeta(async () => ({
    products: knownProducts(kit),
    decays: decayKinds().map(({ kind, label, help, params }) => ({ kind, label, help: help ?? null, params })),
  }));
  kit.resources.extend('decisions', { decorate: decisionWords(kit) });
  kit.resources.extend(GRADING_RESOURCE, { verbs: studyVerbs(kit) });
  leads.explain('score', (leadId, context) => explainScore(kit, leadId, context));
}
