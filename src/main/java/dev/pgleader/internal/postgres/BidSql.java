package dev.pgleader.internal.postgres;

/**
 * The statement that takes elections, for one schema and server. Immutable.
 *
 * <h2>How it judges</h2>
 *
 * <p>{@code seen} reads the elections and the sessions of their holders in one snapshot. {@code ripe} judges there, and
 * nowhere else. {@code free} locks what is ripe if it is still what was judged: a row that has been written since is left, even
 * one that other hands have put back as it was. If both were done in one step, the newest election would be judged by the session
 * that was read before.
 *
 * <p>The end of others' leases is judged by {@code now()}, which lies before the snapshot. Each renewal that was finished by
 * then is seen, so a lease that is over by then was not extended. One's own lease is judged by {@code clock_timestamp()}.
 *
 * <p>The lock of a session is asked for once, whatever it holds, and only where the answer counts: on the server on which the
 * session lives. A session never asks for its own lock, which it would be granted. The rest of the grounds is the candidate's
 * own: that a version of the row stood still, or that its lock was free, for long enough. A former leadership is no ground where
 * the history knows a later one: other hands have put its row back.
 *
 * <p>The own session is renewed only if something is free: candidates that come too late write nothing.
 *
 * <h2>How it is planned</h2>
 *
 * <p>Once, before anybody knows for how many elections it will be. So tables are only ever read by the name of an election or
 * the id of a session, and what was read is joined in full, which is never done row by row; there is nothing on the right that
 * is not on the left.
 */
final class BidSql {

    final String bid;

    BidSql(String schema, HereSql here) {
        this.bid = BID.formatted(schema, here.select(), LookSql.columns(schema), LookSql.SHOWN);
    }

    private static final String ASKED =
            """
            with here as materialized (
                %2$s
            ), me as materialized (
                select ?::integer as id, ?::uuid as process, ?::text as mark, ?::boolean as real,
                       make_interval(secs => ?) as lease, make_interval(secs => ?) as refractory,
                       ?::boolean as on_session_end
            ), bid as materialized (
                select *
                  from unnest(?::text[], ?::uuid[], ?::text[], ?::integer[], ?::text[], ?::integer[], ?::text[],
                              ?::boolean[], ?::boolean[], ?::bigint[], ?::integer[], ?::boolean[], ?::bigint[], ?::boolean[],
                              ?::bigint[])
                    as b(election, bidder, bidder_address, bidder_priority, bidder_version, terms_kept, version_seen, still, freed,
                         former_term, former_session, claims, trusts_until, insists, not_before)
            ), seen as materialized (
                select %3$s,
                       b.*,
                       coalesce(b.version_seen = row(e.term, e.xmin, s.beat, s.xmin, here.system_identifier,
                                                     here.timeline, case when me.real then here.start_micros end)::text,
                                false) as unchanged
                  from bid as b
                  cross join here
                  cross join me
                  join %1$s.election as e on e.name = b.election
                  left join %1$s.session as s on s.id = e.session_id
            ), ends as materialized (
                select asked.session_id, pg_try_advisory_xact_lock_shared(?, asked.session_id) as lock_free
                  from (select distinct n.session_id
                          from seen as n, here, me
                         where n.locked and n.session_id <> me.id
                           and n.session_start = here.started_at
                           and n.session_system is not distinct from here.system_identifier
                           and n.session_timeline is not distinct from here.timeline
                           and (n.expires_at <= now() or me.on_session_end)) as asked
            ),
            """;

    private static final String JUDGED =
            """
            judged as materialized (
                select n.*,
                       n.unchanged and n.still as stood_still,
                       n.unchanged and n.freed as was_freed,
                       n.candidate = n.bidder and n.claims and (n.unchanged or former.named) as claimed,
                       former.named as was_former,
                       n.own_hand and n.session_own_hand and coalesce(ends.lock_free, false) as session_ended,
                       n.own_hand and (n.system_identifier, n.timeline)
                                          is not distinct from (here.system_identifier, here.timeline) as unbroken,
                       coalesce(micros.of_now - micros.of_refractory <= n.trusts_until, true) as clock_trusted,
                       ends.lock_free
                  from seen as n
                  full join ends on ends.session_id = n.session_id
                  cross join here
                  cross join lateral (
                           select coalesce((n.former_term, n.former_session) = (n.term, n.session_id), false) as named) as former
                  cross join lateral (
                           select (extract(epoch from now()) * 1000000)::bigint as of_now,
                                  (extract(epoch from n.refractory) * 1000000)::bigint as of_refractory) as micros
            ), ripe as materialized (
                select n.*,
                       n.session_id is not null and n.claimed and not n.unbroken and not n.stood_still as by_former
                  from judged as n
                  cross join me
                  cross join lateral (
                           select coalesce(n.session_id is null
                                               and n.successor in (n.bidder::text, n.bidder_address), false) as is_successor,
                                  n.session_id is null and n.successor is not null as has_successor) as named
                 where case when n.session_id is null
                            then n.unbroken and n.released = n.term or n.stood_still
                            when n.claimed
                            then n.unbroken or n.stood_still or n.was_former and not me.on_session_end
                            when n.session_id = me.id
                            then false
                            when n.process is null
                            then n.stood_still
                            when n.expires_at > now() + greatest(n.session_lease, n.lease)
                            then n.stood_still
                            when n.expires_at <= now()
                            then n.session_ended and n.clock_trusted or n.stood_still
                            else n.session_ended and n.was_freed
                       end
                   and (n.insists and n.unchanged or coalesce(n.candidate = n.bidder, false)
                            or case when named.has_successor
                                    then named.is_successor
                                    else coalesce(n.best_rival, -2147483648) <= n.bidder_priority
                               end)
                   and (n.not_before is null or n.term > n.not_before or named.is_successor)
            ),
            """;

    /*
     * The timeline, or the highest one that ever was, stands in front of the milliseconds, a trillion terms apart: so a row
     * that was removed goes on above every term that was ever given out. A term that would not survive JSON is not given out.
     *
     * A candidate that takes a row for which another had the leader preempted, and did not come, counts as the successor. A
     * candidate that hears of nothing and looks less often than others wait would else have them hand over for ever.
     */
    private static final String TAKEN =
            """
            front as materialized (
                select greatest(here.timeline, (select max(v.front) from %1$s.server as v), 1) * 1000000000000
                           + (extract(epoch from clock_timestamp()) * 1000)::bigint - 1577836800000 as term
                  from here
            ), free as materialized (
                select e.name, r.bidder, r.bidder_address, r.bidder_priority, r.bidder_version, r.terms_kept,
                       greatest(e.term, last.term, (select front.term from front)) + 1 as next_term
                  from ripe as r
                  join %1$s.election as e
                    on e.name = r.name and e.xmin = r.writing
                 cross join lateral (
                           select max(h.term) as term from %1$s.term_history as h where h.election = r.name) as last
                 where greatest(e.term, last.term, (select front.term from front)) < 9007199254740991
                   and (last.term <= r.term or not r.by_former or last.term is null)
                   for update of e skip locked
            ), awake as materialized (
                select s.id
                  from %1$s.session as s
                 where s.id = (select me.id from me) and s.process = (select me.process from me)
                   and s.expires_at > clock_timestamp()
                   and (select me.mark is null or current_setting('pgleader.mark', true) = me.mark from me)
                   and exists (select from free)
                   for no key update of s skip locked
            ), mine as (
                update %1$s.session as s
                   set beat = s.beat + 1,
                       lease = me.lease,
                       refractory = me.refractory,
                       renewed_at = clock_timestamp(),
                       expires_at = clock_timestamp() + me.lease,
                       xact = pg_current_xact_id()
                  from me
                 where s.id = (select awake.id from awake)
                returning s.id, s.expires_at
            ), taken as (
                update %1$s.election as e
                   set term = free.next_term,
                       session_id = mine.id,
                       candidate = free.bidder,
                       address = free.bidder_address,
                       priority = free.bidder_priority,
                       version = free.bidder_version,
                       phase = 'recovering',
                       elected_at = clock_timestamp(),
                       lease = me.lease,
                       refractory = me.refractory,
                       successor = case when e.ending = 'handed over'
                                             and e.successor in (free.bidder::text, free.bidder_address)
                                        then e.successor
                                        when e.ending = 'preempted'
                                             and e.successor not in (free.bidder::text, free.bidder_address)
                                        then free.bidder::text
                                   end,
                       resigned_by = case when e.session_id is null then e.resigned_by end,
                       ending = null,
                       terms_kept = free.terms_kept,
                       system_identifier = here.system_identifier,
                       timeline = here.timeline,
                       xact = pg_current_xact_id()
                  from free, mine, me, here
                 where e.name = free.name
                returning e.name, e.term, e.elected_at
            ), silence as materialized (
                select set_config('idle_session_timeout', ?, false) from mine where ?
            )
            """;

    private static final String BID = ASKED
            + JUDGED
            + TAKEN
            + """
            select %4$s, seen.lock_free, taken.term as won, taken.elected_at as won_at,
                   (select mine.expires_at from mine) as renewed_until, (select count(*) from silence) as bounded
              from here
              left join (judged as seen full join taken on taken.name = seen.name) on true
            """;
}
