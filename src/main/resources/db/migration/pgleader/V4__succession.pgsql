-- pgleader schema, version 4: who stands, who shall be next, and who has led.
--
-- Nothing here decides who may lead: that is the election table's alone. It decides who goes first, and remembers.

alter table election
    -- Of the holder: how much it is wanted, and which version of the service it is.
    add column priority   integer,
    add column version    text check (char_length(version) <= 255),
    -- Whom the last leader handed over to, an identity or an address; stays while that candidate leads. Or the holder's own
    -- identity, where it took what another had the leader preempted for and did not come to take. Who stands here while he
    -- leads is not preempted.
    add column heir       text check (char_length(heir) <= 1000),
    -- Who gave the row up of its own accord: nobody waits for it, and it does not ask for the post again.
    add column yielded_by uuid,
    -- How the last term ended, while the row is vacant.
    add column ending     text,
    -- How many terms the history of this election keeps.
    add column terms_kept integer not null default 1000 check (terms_kept >= 1);

-- The processes that stand in elections. Present is whoever has said so of late.
create table member
(
    id          uuid primary key,
    joined_at   timestamptz not null default clock_timestamp(),
    seen_at     timestamptz not null,
    expected_by timestamptz not null
)
    with (fillfactor = 50);

comment on table member is 'The processes that stand in elections, and when each was last heard of (pgleader).';

create table standing
(
    election    text        not null,
    candidate   uuid        not null,
    member      uuid        not null references member on delete cascade,
    address     text        not null,
    priority    integer     not null,
    never_leads boolean     not null,
    version     text        not null,
    since       timestamptz not null default clock_timestamp(),
    primary key (election, candidate)
);

create index on standing (member);

comment on table standing is 'Who stands in which election (pgleader). For people there is the view candidate.';

-- A table of its own: a request that is part of a long transaction must not lock the leader's row.
create table resignation
(
    id           bigint generated always as identity primary key,
    election     text        not null,
    term         bigint      not null,
    heir         text check (char_length(heir) between 1 and 1000),
    preempting   boolean     not null default false,
    requested_by text        not null default session_user,
    requested_at timestamptz not null default clock_timestamp()
);

create index on resignation (election, term);

comment on table resignation is 'What the leaders of present terms have been asked for (pgleader).';

create table term_history
(
    election     text        not null,
    term         bigint      not null,
    candidate    uuid        not null,
    address      text        not null,
    priority     integer,
    version      text,
    elected_at   timestamptz not null,
    recovered_at timestamptz,
    ended_at     timestamptz,
    -- resigned, handed over, preempted, closed, failed: it chose to. expired: nobody had renewed the lease. deposed: the
    -- row was lost before. session lost: its session ended. removed: somebody emptied or deleted the row by hand.
    ending       text,
    primary key (election, term)
);

comment on table term_history is 'One row per term: who led, since when, until when, and how it ended (pgleader).';

do $migration$
declare
    -- These functions name their schema, the one that comes first in the search_path now, whatever that is later on.
    remember constant text := format($body$
        begin
            if old.candidate is not null and (tg_op = 'DELETE' or new.candidate is null or new.term <> old.term) then
                update %1$I.term_history as h
                   set ended_at = case when tg_op = 'UPDATE' and new.candidate is not null
                                       then least(old.expires_at, clock_timestamp())
                                       else clock_timestamp()
                                  end,
                       ending = case when tg_op = 'DELETE' then 'removed'
                                     when new.candidate is null then coalesce(new.ending, 'removed')
                                     when old.expires_at <= clock_timestamp() then 'expired'
                                     else 'deposed'
                                end
                 where h.election = old.name and h.term = old.term and h.ended_at is null;
            end if;

            if tg_op = 'DELETE' then
                delete from %1$I.resignation as r where r.election = old.name;
                return null;
            end if;

            if new.candidate is not null and new.term <> old.term then
                insert into %1$I.term_history (election, term, candidate, address, priority, version, elected_at)
                values (new.name, new.term, new.candidate, new.address, new.priority, nullif(new.version, ''),
                        new.elected_at)
                    on conflict do nothing;

                delete from %1$I.term_history as h
                 where h.election = new.name
                   and h.term <= (select k.term from %1$I.term_history as k
                                   where k.election = new.name
                                   order by k.term desc
                                  offset new.terms_kept
                                   limit 1);

                delete from %1$I.resignation as r where r.election = new.name and r.term < new.term;
            end if;

            if new.phase = 'leading' and old.phase is distinct from 'leading' then
                update %1$I.term_history as h
                   set recovered_at = clock_timestamp()
                 where h.election = new.name and h.term = new.term and h.recovered_at is null;
            end if;
            return null;
        end
    $body$, current_schema());

    request constant text := format($body$
        declare
            asked bigint;
        begin
            insert into %1$I.resignation (election, term, heir)
            select e.name, e.term, request_resignation.successor
              from %1$I.election as e
             where e.name = request_resignation.election
               and e.candidate is not null and e.expires_at > clock_timestamp()
               and (successor is null or successor not in (e.candidate::text, e.address))
            returning resignation.term into asked;

            if found then
                perform pg_notify('pgleader_' || %2$L::regclass::oid, request_resignation.election);
            end if;
            return asked;
        end
    $body$, current_schema(), format('%I.election', current_schema()));
begin
    -- History is written by the statement that changes the term, whoever issues it, in the same transaction; so it needs no
    -- right but that to the election.
    execute format($definition$

        create function %1$I.remember_term() returns trigger
            language plpgsql security definer set search_path = pg_catalog, pg_temp
            as %2$L;

        create trigger remember_change after update of term, candidate, phase on %1$I.election
            for each row
            when (old.term <> new.term or old.candidate is distinct from new.candidate
                      or old.phase is distinct from new.phase)
            execute function %1$I.remember_term();

        create trigger remember_removal after delete on %1$I.election
            for each row execute function %1$I.remember_term();

        create function %1$I.request_resignation(election text, successor text default null) returns bigint
            language plpgsql security definer set search_path = pg_catalog, pg_temp
            as %3$L;

        -- Whoever may move leaderships has to be told so.
        revoke all on function %1$I.request_resignation(text, text) from public;

        comment on function %1$I.request_resignation(text, text) is
            'Asks the leader to resign once this transaction commits, in favour of a successor (its address or identity) if '
            'one is given. Returns the term that was asked to end, or null where nobody leads, or the successor does '
            '(pgleader).';

        create or replace function %1$I.schema_version() returns integer
            language sql immutable parallel safe
            as 'select 4';

    $definition$, current_schema(), remember, request);
end
$migration$;

create view leader as
select name as election, term, address, candidate, version, priority, phase, elected_at, renewed_at, expires_at
  from election
 where candidate is not null and expires_at > clock_timestamp();

comment on view leader is 'Who leads at this moment: one row per election that has a leader (pgleader).';

create view candidate as
select s.election, s.candidate, s.address, s.priority, s.never_leads, s.version, s.since, m.seen_at as last_seen,
       m.expected_by > clock_timestamp() as present,
       exists (select from election as e
                where e.name = s.election and e.candidate = s.candidate and e.expires_at > clock_timestamp()) as leads
  from standing as s
  join member as m on m.id = s.member;

comment on view candidate is 'Who stands in which election, since when, and when it was last seen (pgleader).';

create view history as
select h.election, h.term, h.address, h.candidate, h.version, h.priority, h.elected_at, h.recovered_at, h.ended_at,
       h.ending,
       coalesce(h.ended_at, clock_timestamp()) - h.elected_at as lasted,
       h.elected_at - lag(h.ended_at) over (partition by h.election order by h.term) as vacant_before
  from term_history as h;

comment on view history is 'Who has led, how it ended, and for how long nobody led before (pgleader).';
