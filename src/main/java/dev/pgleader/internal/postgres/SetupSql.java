package dev.pgleader.internal.postgres;

/** What a new connection is asked and told before it serves elections: the same for every schema. */
final class SetupSql {

    private SetupSql() {}

    /**
     * What makes the session behave whatever the role's defaults are; refused to nobody. From PostgreSQL 17 on a role may
     * have a bound on whole transactions, which ends the session. Statements are planned once, without a look at how many
     * elections they are for: planning one anew takes longer than to carry it out. A plan that was made while the tables were
     * small must not read them from one end to the other when they are not.
     */
    static final String PIN =
            """
            select set_config('client_min_messages', 'warning', false),
                   set_config('standard_conforming_strings', 'on', false),
                   set_config('default_transaction_isolation', 'read committed', false),
                   set_config('default_transaction_read_only', 'off', false),
                   set_config('default_transaction_deferrable', 'off', false),
                   set_config('synchronous_commit', 'on', false),
                   set_config('search_path', 'pg_catalog', false),
                   set_config('statement_timeout', ?, false),
                   set_config('lock_timeout', ?, false),
                   set_config('pgleader.mark', ?, false),
                   set_config('plan_cache_mode', 'force_generic_plan', false),
                   set_config('enable_seqscan', 'off', false),
                   set_config('jit', 'off', false),
                   case when current_setting('server_version_num')::integer >= 170000
                        then set_config('transaction_timeout', '0', false)
                   end
            """;

    /** As many settings as there are, or none of them. */
    static final String SET_ALL =
            "select set_config(name, value, false) from unnest(?::text[], ?::text[]) as wanted(name, value)";

    /** About the server, and about a schema and this role there. */
    static final String FACTS =
            """
            select pg_is_in_recovery() as in_recovery,
                   (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint as start_micros,
                   has_schema_privilege(n.oid, 'usage') as may_enter,
                   (select coalesce(bool_and(has_table_privilege(r.oid, right_to)), false)
                      from (values ('election', array['select', 'insert', 'update']),
                                   ('session', array['select', 'insert', 'update', 'delete']),
                                   ('candidate', array['select', 'insert', 'update', 'delete']),
                                   ('resignation', array['select', 'insert']),
                                   ('server', array['select', 'update']),
                                   ('disturbed', array['select']),
                                   ('term_history', array['select'])) as need(relation, rights)
                     cross join unnest(need.rights) as right_to
                      join pg_class as r on r.relname = need.relation and r.relnamespace = n.oid) as may_stand,
                   (select coalesce(bool_and(has_table_privilege(r.oid, 'select')), false)
                      from pg_class as r
                     where r.relname in ('election', 'session') and r.relnamespace = n.oid) as may_watch,
                   (select count(*)
                      from pg_class as r
                     where r.relname in ('election', 'session') and r.relnamespace = n.oid) as tables
              from (select ?::text as name) as wanted
              left join pg_namespace as n on n.nspname = wanted.name
            """;

    /** About the schema of this name, which is to be quoted: its version, and the number that its locks begin with. */
    static final String SCHEMA = "select %1$s.schema_version() as version, %1$s.lock_space() as lock_space";

    /**
     * What the promises rest on and a schema lacks: {@code flaw}, {@code relation}, {@code what}. There is one row for each flaw
     * of each table, and normally none.
     *
     * <p>A key counts if it is unique, valid, checked at once and for all rows. A trigger counts if it is enabled always, so
     * that a session in the role of a replica fires it as well.
     */
    static final String FLAWS =
            """
            with home as materialized (
                select r.oid, r.relname::text as name, r.relkind, r.relpersistence
                  from pg_class as r
                  join pg_namespace as n on n.oid = r.relnamespace
                 where n.nspname = ? and r.relkind in ('r', 'p', 'v', 'f', 'm')
            )
            select 'table' as flaw, need.relation, '' as what
              from unnest(array['election', 'session', 'server', 'disturbed', 'candidate', 'resignation', 'term_history', 'done'])
                as need(relation)
              left join home on home.name = need.relation
             where home.oid is null or home.relkind <> 'r' or home.relpersistence <> 'p'
            union all
            select 'key', need.relation, need.key
              from (values ('election', 'name'), ('election', 'name, term'), ('election', 'fence_key'), ('session', 'id'),
                           ('term_history', 'election, term'), ('server', 'one')) as need(relation, key)
              join home on home.name = need.relation
             where not exists (
                       select from pg_index as i
                        where i.indrelid = home.oid and i.indisunique and i.indimmediate and i.indisvalid
                          and i.indpred is null and i.indexprs is null and i.indnatts = i.indnkeyatts
                          and need.key = (select string_agg(a.attname, ', ' order by a.attname)
                                            from pg_attribute as a
                                           where a.attrelid = home.oid and a.attnum = any(i.indkey)))
            union all
            select 'trigger', need.relation, need.trigger
              from (values ('election', 'term_respects_fences'), ('election', 'removal_respects_fences'),
                           ('election', 'note_change'), ('election', 'note_removal'), ('election', 'note_truncation'),
                           ('election', 'remember_change'), ('election', 'remember_removal'),
                           ('disturbed', 'note_loss'), ('resignation', 'note_request')) as need(relation, trigger)
              join home on home.name = need.relation
             where not exists (select from pg_trigger as t
                                where t.tgrelid = home.oid and t.tgname = need.trigger and t.tgenabled = 'A')
            union all
            select 'row security', home.name, ''
              from home
             where home.relkind = 'r' and row_security_active(home.oid)
            """;
}
