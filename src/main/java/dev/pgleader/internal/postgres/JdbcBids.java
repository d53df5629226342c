package dev.pgleader.internal.postgres;

import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.BidTerms;
import dev.pgleader.internal.runtime.Session.Former;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The taking of elections. Loop thread only.
 *
 * @param wire the connection
 * @param facts where it leads
 * @param sql the statement
 * @param lease the session that takes them
 * @param silence how long a holder may be silent before the server ends its session; empty where the server cannot be told
 */
record JdbcBids(Wire wire, Facts facts, BidSql sql, JdbcLease lease, Optional<String> silence) {

    <T> T bid(BidTerms terms, List<Bid> bids, Wire.Reading<T> reading) throws SessionException, BusyException {
        return wire.query(sql.bid, statement -> bind(statement, terms, bids), reading);
    }

    private void bind(PreparedStatement statement, BidTerms terms, List<Bid> bids) throws SQLException {
        statement.setInt(1, terms.session());
        statement.setObject(2, lease.owner());
        statement.setString(3, lease.mark());
        statement.setBoolean(4, lease.mark() != null);
        statement.setDouble(5, Lengths.seconds(terms.lease()));
        statement.setDouble(6, Lengths.seconds(terms.refractory()));
        statement.setBoolean(7, terms.onSessionEnd());
        statement.setArray(8, array("text", bids, Bid::election));
        statement.setArray(9, array("uuid", bids, bid -> bid.who().candidate()));
        statement.setArray(10, array("text", bids, bid -> bid.who().address()));
        statement.setArray(11, array("int4", bids, bid -> bid.who().priority()));
        statement.setArray(12, array("text", bids, bid -> bid.who().version()));
        statement.setArray(13, array("int4", bids, Bid::termsKept));
        statement.setArray(
                14, array("text", bids, bid -> bid.seen().map(Rows::stand).orElse(null)));
        statement.setArray(15, array("boolean", bids, Bid::stoodStill));
        statement.setArray(16, array("boolean", bids, Bid::freed));
        statement.setArray(
                17, array("int8", bids, bid -> bid.former().map(Former::term).orElse(null)));
        statement.setArray(
                18, array("int4", bids, bid -> bid.former().map(Former::session).orElse(null)));
        statement.setArray(19, array("boolean", bids, Bid::claims));
        statement.setArray(20, array("int8", bids, bid -> number(bid.trustsClockUntil())));
        statement.setArray(21, array("boolean", bids, Bid::insists));
        statement.setArray(22, array("int8", bids, bid -> number(bid.notBefore())));
        statement.setInt(23, facts.lockSpace());
        statement.setString(24, silence.orElse("0"));
        statement.setBoolean(25, silence.isPresent());
    }

    private static @Nullable Long number(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }

    private Array array(String type, List<Bid> bids, Function<Bid, ? extends @Nullable Object> value)
            throws SQLException {
        return wire.array(type, bids.stream().map(value));
    }
}
