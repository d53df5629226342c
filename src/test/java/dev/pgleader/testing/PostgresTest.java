package dev.pgleader.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Says on a class that its tests use PostgreSQL. Their methods, and {@code @BeforeEach} and {@code @AfterEach} methods,
 * may take
 *
 * <ul>
 *   <li>a {@link TestDatabase}: a fresh one per test, with the schema in it, the same in all methods of one test;
 *   <li>a {@link TestDatabase} marked {@link WithoutSchema @WithoutSchema}: the same, empty;
 *   <li>the {@link PostgresServer} that all tests share.
 * </ul>
 *
 * A test that leaves a session, an advisory lock or a thread of the library behind fails.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PostgresExtension.class)
public @interface PostgresTest {}
