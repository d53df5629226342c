-- pgleader schema, version 3: fenced work.
--
--   fence(election, term, at_most)         the fence by a row lock, as before; now also noted, for the guard
--   fence_shared(election, term, at_most)  the fence without a row lock, for many transactions a second
--   fence(token), fence_shared(token)      the same for a token, such as 1000000000042@orders
--   guard('orders')                        a trigger function: rejects what is written without a fence
--   once(election, term, key)              true in the one transaction that commits with this key
--
-- THE NOTE. A fence notes its term in a setting that ends with the transaction, one for each election:
-- pgleader.fenced_<oid of the table election>_<lock_id>. The guard takes nobody's word for it: it reads in the note which
-- term the transaction claims, and fences that term again. A note that somebody forged, or left behind in the session, says
-- no more than its author could have said by calling fence.
--
-- THE SHARED FORM. fence is a row lock, and many transactions at once on one row make a multixact of each. fence_shared
-- takes an advisory lock, shared; whoever changes the term must get the same lock exclusively, for which a trigger on the
-- table election sees, whoever it is. The order makes that a fence:
--   * The fence takes its lock first and reads the term then, in a statement and so with a snapshot of its own. PostgreSQL
--     makes a commit visible before it releases the locks of its transaction. Whoever is granted the lock after a successor
--     has had it therefore sees that successor, and is refused.
--   * A successor that comes after the fence is not granted the lock until the fenced transaction has ended, with
--     everything it wrote visible. Its row is passed over like one that is locked, and it tries again.
-- A snapshot from before the lock shows the old term for ever, so nothing but READ COMMITTED will do. Nobody waits for this
-- lock while others wait for him: a successor has the row first, which no fence holds then, and only tries for the lock.
--
-- The lock's key is ~('pgld' xor oid of the table) and lock_id. That of the sessions' locks is 'pgld' xor oid: the two
-- differ in every bit.

create table done
(
    election  text        not null,
    key       text        not null check (char_length(key) between 1 and 255),
    -- In which term, and by whom.
    term      bigint      not null,
    candidate uuid        not null,
    done_at   timestamptz not null default clock_timestamp(),

    primary key (election, key)
);

comment on table done is 'What was done once per election and key. Rows stay until somebody deletes them (pgleader).';

do $migration$
declare
    -- The functions name their schema, the one that comes first in the search_path now, whatever that is when they are
    -- called.
    home constant text := current_schema();

    hold constant text := format($body$
        declare
            held     integer;
            relation oid;
            noted    text;
        begin
            -- A transaction that began after the end of the lease is refused although nobody has succeeded yet: one such
            -- transaction after another could keep a successor waiting for ever. The lock, not the time, is the fence.
            if shared then
                select e.lock_id, e.tableoid into held, relation from %1$I.election as e where e.name = hold.election;
                perform pg_advisory_xact_lock_shared(
                            (~ x'70676c64'::integer) # relation::bigint::bit(32)::integer, held);
                -- A statement of its own, whose snapshot is younger than the lock.
                perform
                   from %1$I.election as e
                  where e.name = hold.election and e.term = hold.term and e.lock_id = held
                    and e.candidate is not null and e.expires_at > transaction_timestamp();
            else
                select e.lock_id, e.tableoid into held, relation
                  from %1$I.election as e
                 where e.name = hold.election and e.term = hold.term
                   and e.candidate is not null and e.expires_at > transaction_timestamp()
                   for key share;
            end if;
            if not found then
                -- The detail is for programs: a transaction may be fenced for several elections.
                raise exception using
                    errcode = 'PGL01',
                    message = format('term %%s of the election %%L is over', hold.term, hold.election),
                    detail = hold.term || '@' || hold.election,
                    hint = 'Roll back: somebody else leads, or nobody does.';
            end if;

            noted := 'pgleader.fenced_' || relation || '_' || held;
            if current_setting(noted, true) is distinct from hold.term::text then
                perform set_config(noted, hold.term::text, true);
            end if;
        end
    $body$, home);

    -- A successor has to wait for a fenced transaction, so it must not stand still for good.
    bound constant text := $body$
        declare
            milliseconds constant text := greatest((extract(epoch from at_most) * 1000)::bigint, 1) || 'ms';
        begin
            if current_setting('idle_in_transaction_session_timeout')::interval not between '1 ms' and at_most then
                perform set_config('idle_in_transaction_session_timeout', milliseconds, true);
            end if;
            if current_setting('server_version_num')::integer >= 170000
                and current_setting('transaction_timeout')::interval not between '1 ms' and at_most
            then
                -- Only one that was off is timed anew.
                perform set_config('transaction_timeout', '0', true);
                perform set_config('transaction_timeout', milliseconds, true);
            end if;
        end
    $body$;

    fence constant text := format($body$
        begin
            perform %1$I.hold(fence.election, fence.term, false);
            perform %1$I.bound(fence.at_most);
        end
    $body$, home);

    fence_shared constant text := format($body$
        begin
            if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
                raise exception using
                    errcode = '0A000',
                    message = 'fence_shared does not hold at the isolation level ' || current_setting('transaction_isolation'),
                    hint = 'Call fence, which holds at every level, or begin the transaction at READ COMMITTED.';
            end if;
            perform %1$I.hold(fence_shared.election, fence_shared.term, true);
            perform %1$I.bound(fence_shared.at_most);
        end
    $body$, home);

    -- Fences once more what the caller claims to be fenced, by the form that costs less where it holds.
    fence_again constant text := format($body$
        begin
            perform %1$I.hold(fence_again.election, fence_again.term,
                              current_setting('transaction_isolation') in ('read committed', 'read uncommitted'));
            if current_setting('idle_in_transaction_session_timeout') = '0' then
                perform %1$I.bound('30 seconds');
            end if;
        end
    $body$, home);

    by_token constant text := $body$
        begin
            if token is null or token !~ '^[0-9]{1,19}@' then
                raise exception using
                    errcode = '22023',
                    message = format('%%L is no fence token', token),
                    hint = 'A token is a term and an election, such as 1000000000042@orders.';
            end if;
            perform %1$I.%2$I(substr(token, strpos(token, '@') + 1), split_part(token, '@', 1)::bigint);
        end
    $body$;

    guard constant text := format($body$
        declare
            noted text;
        begin
            if tg_nargs <> 1 then
                raise exception using errcode = '22023', message = 'guard needs the name of one election';
            end if;
            select current_setting('pgleader.fenced_' || e.tableoid || '_' || e.lock_id, true) into noted
              from %1$I.election as e
             where e.name = tg_argv[0];
            -- What never was a term is no fence. After its transaction a setting is empty rather than gone.
            if noted is null or noted !~ '^[0-9]{1,18}$' then
                raise exception using
                    errcode = 'PGL02',
                    message = format('not fenced: %%I.%%I is written by the leader of the election %%L only',
                                     tg_table_schema, tg_table_name, tg_argv[0]),
                    hint = 'Fence the transaction first.';
            end if;
            perform %1$I.fence_again(tg_argv[0], noted::bigint);
            if tg_level = 'ROW' and tg_op <> 'DELETE' then
                return new;
            end if;
            return old;
        end
    $body$, home);

    once constant text := format($body$
        begin
            perform %1$I.fence_again(once.election, once.term);
            insert into %1$I.done (election, key, term, candidate)
            select e.name, once.key, e.term, e.candidate
              from %1$I.election as e
             where e.name = once.election and e.term = once.term
                on conflict do nothing;
            return found;
        end
    $body$, home);

    -- Passing a row over is what the library's own statements do with one that is locked.
    respect_fences constant text := $body$
        begin
            if pg_try_advisory_xact_lock((~ x'70676c64'::integer) # tg_relid::bigint::bit(32)::integer, old.lock_id) then
                if tg_op = 'DELETE' then
                    return old;
                end if;
                return new;
            end if;
            raise notice using
                message = format('passed over the election %L: a fenced transaction is open', old.name),
                hint = 'Try again.';
            return null;
        end
    $body$;
begin
    -- The three parts are for the functions below them alone, which run with their owner's rights.
    execute format($definition$

        create function %1$I.hold(election text, term bigint, shared boolean) returns void
            language plpgsql set search_path = pg_catalog, pg_temp
            as %2$L;
        create function %1$I.bound(at_most interval) returns void
            language plpgsql set search_path = pg_catalog, pg_temp
            as %3$L;
        create function %1$I.fence_again(election text, term bigint) returns void
            language plpgsql set search_path = pg_catalog, pg_temp
            as %4$L;
        revoke all on function %1$I.hold(text, bigint, boolean), %1$I.bound(interval), %1$I.fence_again(text, bigint)
            from public;

    $definition$, home, hold, bound, fence_again);

    -- Locks and writes ask for rights that those who write under a fence need not have: security definer.
    execute format($definition$

        create or replace function %1$I.fence(election text, term bigint, at_most interval default '30 seconds')
            returns void
            language plpgsql security definer set search_path = pg_catalog, pg_temp
            as %2$L;
        create function %1$I.fence_shared(election text, term bigint, at_most interval default '30 seconds') returns void
            language plpgsql security definer set search_path = pg_catalog, pg_temp
            as %3$L;
        create function %1$I.fence(token text) returns void
            language plpgsql security definer set search_path = pg_catalog, pg_temp
            as %4$L;
        create function %1$I.fence_shared(token text) returns void
            language plpgsql security definer set search_path = pg_catalog, pg_temp
            as %5$L;
        create function %1$I.guard() returns trigger
            language plpgsql security definer set search_path = pg_catalog, pg_temp
            as %6$L;
        create function %1$I.once(election text, term bigint, key text) returns boolean
            language plpgsql security definer set search_path = pg_catalog, pg_temp
            as %7$L;

        comment on function %1$I.fence_shared(text, bigint, interval) is
            'As fence, without a row lock: for many transactions a second, at READ COMMITTED only (pgleader).';
        comment on function %1$I.fence(text) is
            'As fence, for a token such as 1000000000042@orders (pgleader).';
        comment on function %1$I.fence_shared(text) is
            'As fence_shared, for a token such as 1000000000042@orders (pgleader).';
        comment on function %1$I.guard() is
            'Trigger: rejects what is written in a transaction that is not fenced for the election named (pgleader).';
        comment on function %1$I.once(text, bigint, text) is
            'Whether this transaction, if it commits, is the one that does what the key names (pgleader).';

    $definition$, home, fence, fence_shared, format(by_token, home, 'fence'), format(by_token, home, 'fence_shared'),
          guard, once);

    execute format($definition$

        create function %1$I.respect_fences() returns trigger
            language plpgsql set search_path = pg_catalog, pg_temp
            as %2$L;
        create trigger term_respects_fences before update of name, lock_id, term on %1$I.election
            for each row when ((old.name, old.lock_id, old.term) is distinct from (new.name, new.lock_id, new.term))
            execute function %1$I.respect_fences();
        create trigger removal_respects_fences before delete on %1$I.election
            for each row execute function %1$I.respect_fences();

        create or replace function %1$I.schema_version() returns integer
            language sql immutable parallel safe
            as 'select 3';

    $definition$, home, respect_fences);
end
$migration$;
