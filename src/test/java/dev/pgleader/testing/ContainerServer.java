package dev.pgleader.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** PostgreSQL in a container, through Testcontainers. */
final class ContainerServer extends PostgresServer {

    private final PostgreSQLContainer<?> container;

    ContainerServer(String image) {
        DockerImageName name = DockerImageName.parse(image).asCompatibleSubstituteFor("postgres");
        this.container = new PostgreSQLContainer<>(name)
                .withDatabaseName("postgres")
                .withUsername("postgres")
                .withPassword(EmbeddedServer.PASSWORD);
        // The container's own class starts "postgres -c fsync=off"; these settings replace that command.
        container.withCommand(command());
        container.start();
        execute(EmbeddedServer.CREATE_USER);
    }

    private static String[] command() {
        List<String> command = new ArrayList<>(List.of("postgres"));
        EmbeddedServer.commonSettings(EmbeddedServer.fsyncByDefault()).forEach((name, value) -> {
            command.add("-c");
            command.add(name + "=" + value);
        });
        command.add("-c");
        command.add("shared_preload_libraries=pg_stat_statements");
        return command.toArray(String[]::new);
    }

    @Override
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + container.getHost() + ":"
                + container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT) + "/" + database;
    }

    @Override
    public String username() {
        return EmbeddedServer.USER;
    }

    @Override
    public String password() {
        return EmbeddedServer.PASSWORD;
    }

    @Override
    public Connection connectAsAdmin(String database) throws SQLException {
        return connect(jdbcUrl(database), "postgres", EmbeddedServer.PASSWORD);
    }

    @Override
    public String log() {
        return container.getLogs();
    }

    @Override
    public boolean isRunning() {
        return container.isRunning();
    }

    @Override
    public void close() {
        container.stop();
    }
}
