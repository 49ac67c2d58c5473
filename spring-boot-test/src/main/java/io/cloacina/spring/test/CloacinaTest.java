package io.cloacina.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.ContextConfiguration;

/**
 * Starts a whole application as {@link SpringBootTest} does, with an engine that the test drives step by step. The
 * beans of type {@link io.cloacina.testing.TestEngine} and {@link io.cloacina.testing.ManualClock} drive it and its
 * clock. Everything else, such as properties, workflows and transactions, is the application's.
 *
 * <pre>{@code
 * @CloacinaTest
 * class OrderWorkflowTest {
 *     @Autowired
 *     TestEngine engine;
 *
 *     @Test
 *     void an_order_is_charged_and_booked() {
 *         Execution done = engine.run("order", Map.of("number", 1));
 *         assertThat(engine, done.id()).isCompleted();
 *     }
 * }
 * }</pre>
 *
 * <p>The databases that {@code spring.datasource.url} and {@code cloacina.database} name, SQLite or PostgreSQL, are
 * each replaced by an empty one of the same kind, which belongs to the application context and is removed with it; for
 * the PostgreSQL server that is used see {@link io.cloacina.testing.DatabaseTest}. Tests that share a context share its
 * database and its clock; {@code @DirtiesContext} separates them. With the property
 * {@value TestDatabases#FRESH}{@code =false} the application's databases are used, such as those of containers.
 *
 * <p>Bodies run in the thread of the test. A test with {@code @Transactional} cannot drive the engine
 * ({@code IN_TRANSACTION}): what it submits is not committed.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest
@Import(ManualEngineConfiguration.class)
@ExtendWith(ContextsEnd.class)
@ContextConfiguration(initializers = TestDatabases.class)
public @interface CloacinaTest {
    /** Properties of the test, such as {@code cloacina.slots=1}. Default: none. */
    @AliasFor(annotation = SpringBootTest.class, attribute = "properties")
    String[] properties() default {};

    /** The classes that configure the application. Default: found as by {@link SpringBootTest}. */
    @AliasFor(annotation = SpringBootTest.class, attribute = "classes")
    Class<?>[] classes() default {};

    /** Whether there is a web server. Default: a mock, as with {@link SpringBootTest}. */
    @AliasFor(annotation = SpringBootTest.class, attribute = "webEnvironment")
    WebEnvironment webEnvironment() default WebEnvironment.MOCK;
}
