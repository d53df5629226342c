-- pgleader schema, version 1: the elections.
--
-- Run by Schema.migrate(dataSource). To run it by other means, take Schema.script(), which adds the schema; with this
-- file alone, first:
--   create schema pgleader; set search_path = pgleader;
-- The names here are unqualified on purpose, so that the schema may have any name. The file ends in .pgsql rather than
-- .sql so that an application's own Flyway, which reads db/migration and every folder below it, passes it by.

create table election
(
    name                  text primary key check (char_length(name) between 1 and 255),
    -- The second half of the advisory key: see AdvisoryKey in the Java sources. Never reused, never hashed.
    lock_id               integer     not null generated always as identity unique,
    -- Fencing token: grows at every new leadership, never issued twice. 0: never led.
    term                  bigint      not null default 0 check (term >= 0),
    -- Who leads: a random identity per start, and the address it serves on. Null: vacant.
    candidate             uuid,
    address               text check (char_length(address) <= 1000),
    phase                 text check (phase in ('recovering', 'leading')),
    -- Grows with every write, so that (term, beat) tells one version of the row from another.
    beat                  bigint      not null default 0,
    -- The leader's own lengths: others judge it by these, whatever their own settings are.
    lease                 interval    not null default '0',
    refractory            interval    not null default '0',
    -- The database's clock, always clock_timestamp().
    elected_at            timestamptz,
    renewed_at            timestamptz,
    expires_at            timestamptz,
    -- The session that holds the leader's advisory lock.
    backend_pid           integer,
    backend_start         timestamptz,
    -- The server on which the row was created or last taken. That lock proves something on no other.
    system_identifier     bigint      not null default (pg_control_system()).system_identifier,
    timeline              integer     not null
        default ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer,
    postmaster_started_at timestamptz not null default pg_postmaster_start_time(),

    -- The fence rests on this key: a takeover changes it and so waits for every FOR KEY SHARE, a heartbeat does not.
    unique (name, term),
    check ((candidate is null) = (address is null)),
    check ((candidate is null) = (phase is null)),
    check (candidate is null or (elected_at is not null and renewed_at is not null and expires_at is not null))
)
    with (fillfactor = 50);

comment on table election is 'One row per election: who leads it, since when, and until when unless renewed (pgleader).';

-- What the library asks first: is the schema there, and is it new enough? Each migration replaces it.
create function schema_version() returns integer
    language sql immutable parallel safe
    as 'select 1';

comment on function schema_version() is 'The version of the pgleader schema.';
