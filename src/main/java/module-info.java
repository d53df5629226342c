/** Leader election for services that already have PostgreSQL. Only the root package is for users. */
@SuppressWarnings("opens") // The compiler sees no class in the folder of the migrations; Flyway reads them.
module dev.pgleader {
    requires transitive java.sql;
    requires org.slf4j;
    requires org.postgresql.jdbc;
    requires static transitive org.jspecify;
    // Optional for the embedder.
    requires static com.zaxxer.hikari;
    requires static flyway.core;

    exports dev.pgleader;

    opens db.migration.pgleader;
}
