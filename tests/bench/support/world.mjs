/** A company with reps, a pool, policies and a given number of leads, written by SQL so that a million takes about a minute. */
import pg from 'pg';
import { call } from './load.mjs';

export async function connect(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  return client;
}

/** `count` reps that can sign in (they share the administrator's password hash) with the sales role in one team. */
export async function addReps(db, count) {
  await db.query(`INSERT INTO crm_teams (document_id, key, name) VALUES ('bench-team', 'bench', 'Bench') ON CONFLICT DO NOTHING`);
  const { rows } = await db.query(
    `WITH admin AS (SELECT u.password, u.provider FROM up_users u ORDER BY u.id LIMIT 1),
     made AS (
       INSERT INTO up_users (document_id, username, email, password, provider, confirmed, blocked, created_at, updated_at, published_at)
       SELECT 'bench-user-' || n, 'rep' || n || '@bench.local', 'rep' || n || '@bench.local', admin.password, 'local', true, false, now(), now(), now()
       FROM admin, generate_series(1, $1::int) n RETURNING id, email)
     INSERT INTO crm_members (document_id, name, email, user_id, team_id, roles, capacity, weight, time_zone, locale, presence, active, created_at, updated_at, published_at)
     SELECT 'bench-member-' || id, email, email, id, (SELECT id FROM crm_teams WHERE key = 'bench'), '["sales"]', 1000000, 1, 'Asia/Shanghai', 'en', 'online', true, now(), now(), now()
     FROM made ORDER BY made.id RETURNING id, email`,
    [count],
  );
  await db.query(
    `INSERT INTO up_users_role_lnk (user_id, role_id) SELECT u.id, r.id FROM up_users u, up_roles r WHERE r.type = 'authenticated' AND u.email LIKE 'rep%@bench.local' ON CONFLICT DO NOTHING`,
  );
  await db.query(`SELECT pg_notify('crm_members', '')`);
  return rows;
}

export async function publishPolicy(url, jwt, resource, key, name, draft) {
  const made = await call(url, jwt, 'POST', `/${resource}`, { key, name, draft });
  await call(url, jwt, 'POST', `/${resource}/${made.id}/publish`, {});
  return made.id;
}

export const openPool = {
  kind: 'claimable',
  members: [{ type: 'everyone', rights: ['claim'] }],
  limits: [{ kind: 'claims', per: 'day', max: 1_000_000 }],
  recycle: { rules: [], warns: [] },
  isDefault: true,
};

/** Leads spread over owners, the pool, stages and scores the way a grown company has them. */
export async function fillLeads(db, count, poolId, log) {
  const start = performance.now();
  await db.query('SET synchronous_commit = off');
  await db.query('BEGIN');
  for (let from = 1; from <= count; from += 250_000) {
    const to = Math.min(count, from + 249_999);
    await db.query(
      `INSERT INTO crm_leads (document_id, name, email, phone, company, country, city, industry, employees, source, captured_at, email_key, phone_key, company_key, stage, stage_entered_at,
         status, is_test, cycle, owner_id, pool_id, home_pool_id, team_id, held_since, pool_entered_at, recycle_count, fit_score, engagement, score, grade, label, custom, version, created_at, updated_at, published_at)
       SELECT 'b' || n, 'Lead ' || n, 'lead' || n || '@firm' || (n % 200000) || '.example.com', '+4930' || lpad(n::text, 8, '0'), 'Firm ' || (n % 200000), (ARRAY['DE','FR','CN','US','IT'])[1 + n % 5],
         'City ' || (n % 300), (ARRAY['Software','Retail','Energy','Health'])[1 + n % 4], n % 5000, (ARRAY['Web form','Ad','Referral','Event'])[1 + n % 4],
         now() - (n % 900) * interval '1 day', 'lead' || n || '@firm' || (n % 200000) || '.example.com', '+4930' || lpad(n::text, 8, '0'), 'firm ' || (n % 200000),
         (ARRAY['lead','mql','srl','sql','lost','won'])[1 + (n / 7) % 6], now() - (n % 90) * interval '1 day', 'open', false, 1,
         CASE WHEN n % 10 < 4 THEN m.id END, CASE WHEN n % 10 >= 4 THEN $3::int END, $3::int, CASE WHEN n % 10 < 4 THEN m.team_id END,
         CASE WHEN n % 10 < 4 THEN now() - (n % 60) * interval '1 day' END, CASE WHEN n % 10 >= 4 THEN now() - (n % 60) * interval '1 day' END, 0,
         (n::bigint * 7919) % 101, (n::bigint * 104729) % 101, (n::bigint * 15485863) % 101, 'B2', (ARRAY['hot','warm','cold'])[1 + (n / 3) % 3], '{}', 1, now(), now(), now()
       FROM generate_series($1::int, $2::int) n
       LEFT JOIN LATERAL (SELECT id, team_id FROM crm_members WHERE email LIKE 'rep%@bench.local' ORDER BY id OFFSET n % 20 LIMIT 1) m ON n % 10 < 4`,
      [from, to, poolId],
    );
    log(`${to.toLocaleString('en-US')} leads written`);
  }
  await db.query(
    `INSERT INTO crm_lead_keys (kind, value, lead_id) SELECT 'email', email_key, id FROM crm_leads WHERE email_key IS NOT NULL UNION ALL SELECT 'phone', phone_key, id FROM crm_leads WHERE phone_key IS NOT NULL`,
  );
  // Flushed, so that the vacuum can mark the pages as visible to all, as they are in a table that has stood for a while.
  await db.query('SET LOCAL synchronous_commit = on');
  await db.query('COMMIT');
  await db.query('VACUUM ANALYZE crm_leads, crm_lead_search');
  await db.query('ANALYZE crm_lead_keys');
  log(`filled in ${Math.round((performance.now() - start) / 1000)} s`);
}
