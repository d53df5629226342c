package dev.pgleader.internal.postgres;

/** What a new connection is asked and told before it serves elections: the same for every schema. */
final class SetupSql {

    private SetupSql() {}

    /**
     * What makes the session behave whatever the role's defaults are; refused to nobody. From PostgreSQL 17 on a role may
     * have a bound on whole transactions, which ends the session.
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
                   case when current_setting('server_version_num')::integer >= 170000
                        then set_config('transaction_timeout', '0', false)
                   end
            """;

    /** As many settings as there are, or none of them. */
    static final String SET_ALL =
            "select set_config(name, value, false) from unnest(?::text[], ?::text[]) as wanted(name, value)";

    /** About the server and the table whose name is given. */
    static final String FACTS =
            """
            select system_identifier,
                   case when not pg_is_in_recovery()
                        then ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int
                   end as timeline,
                   (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint as postmaster_start_micros,
                   pg_is_in_recovery() as in_recovery,
                   t.oid::bigint as table_oid,
                   (select bool_and(has_table_privilege(o.oid, right_to))
                      from (values ('election', array['select', 'insert', 'update']),
                                   ('member', array['select', 'insert', 'update', 'delete']),
                                   ('standing', array['select', 'insert', 'update', 'delete']),
                                   ('resignation', array['select', 'insert'])) as need(relation, rights)
                     cross join unnest(need.rights) as right_to
                      join pg_class as o on o.relname = need.relation and o.relnamespace = c.relnamespace
                   ) as may_stand,
                   (select bool_and(has_table_privilege(o.oid, 'select'))
                      from pg_class as o
                     where o.relname in ('election', 'member', 'standing', 'resignation')
                       and o.relnamespace = c.relnamespace
                   ) as may_watch,
                   c.relkind = 'r' and c.relpersistence = 'p' as permanent,
                   '{name}' = any(k.keys) as one_row_each,
                   '{name,term}' = any(k.keys) as fence_key
              from pg_control_system()
             cross join (select to_regclass(?) as oid) as t
              left join pg_class as c on c.oid = t.oid
             cross join lateral (
                       select array_agg((select array_agg(a.attname::text order by a.attname)
                                           from pg_attribute as a
                                          where a.attrelid = t.oid and a.attnum = any(i.indkey))::text) as keys
                         from pg_index as i
                        where i.indrelid = t.oid and i.indisunique and i.indimmediate and i.indisvalid
                          and i.indpred is null and i.indexprs is null and i.indnatts = i.indnkeyatts
                   ) as k
            """;
}
