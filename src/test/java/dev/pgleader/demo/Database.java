package dev.pgleader.demo;

import dev.pgleader.testing.Lifeline;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;

/**
 * The PostgreSQL of the demo, run by a process of its own: only so is the server stopped and its data removed even when
 * the demo itself is killed.
 */
final class Database {

    private Database() {}

    /** Prints the server's JDBC URL when it is up, and stops the server when the parent is gone. */
    public static void main(String[] args) throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            System.out.println(postgres.getJdbcUrl("postgres", "postgres"));
            Lifeline.awaitEnd();
        }
    }
}
