-- pgleader schema, version 2: the fence.
--
-- A transaction that calls fence(election, term) first can commit only while that term has not been succeeded. The lock
-- that it takes is FOR KEY SHARE on the row of this name and term: a takeover changes the key (name, term) and so has to
-- wait for it, or makes it fail; a heartbeat does not touch the key and passes.

do $migration$
declare
    -- The function names its schema, the one that comes first in the search_path now, whatever that is when it is called.
    body constant text := format($body$
        declare
            bound constant text := greatest((extract(epoch from at_most) * 1000)::bigint, 1) || 'ms';
        begin
            -- A transaction that began after the end of the lease is refused although nobody has succeeded yet: one such
            -- transaction after another could keep a successor waiting for ever. The lock, not the time, is the fence.
            perform
               from %1$I.election as e
              where e.name = fence.election and e.term = fence.term
                and e.candidate is not null and e.expires_at > transaction_timestamp()
                for key share;
            if not found then
                raise exception using
                    errcode = 'PGL01',
                    message = format('term %%s of the election %%L is over', fence.term, fence.election),
                    hint = 'Roll back: somebody else leads, or nobody does.';
            end if;

            -- A successor has to wait for this transaction, so it must not stand still for good.
            if current_setting('idle_in_transaction_session_timeout')::interval not between '1 ms' and at_most then
                perform set_config('idle_in_transaction_session_timeout', bound, true);
            end if;
            if current_setting('server_version_num')::integer >= 170000
                and current_setting('transaction_timeout')::interval not between '1 ms' and at_most
            then
                -- Only one that was off is timed anew.
                perform set_config('transaction_timeout', '0', true);
                perform set_config('transaction_timeout', bound, true);
            end if;
        end
    $body$, current_schema());
begin
    -- FOR KEY SHARE asks for the right to update, which those who write under a fence need not have: security definer.
    execute format($definition$

        create function %1$I.fence(election text, term bigint, at_most interval default '30 seconds') returns void
            language plpgsql security definer set search_path = pg_catalog, pg_temp
            as %2$L;

        comment on function %1$I.fence(text, bigint, interval) is
            'Lets this transaction commit only while the term has not been succeeded. Call it first (pgleader).';

        create or replace function %1$I.schema_version() returns integer
            language sql immutable parallel safe
            as 'select 2';

    $definition$, current_schema(), body);
end
$migration$;
