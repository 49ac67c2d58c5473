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
 * A test of a whole application, as {@link SpringBootTest}, whose engine does nothing by itself: the test drives it by a bean of
 * type {@link io.cloacina.testing.TestEngine}, with a {@link io.cloacina.testing.ManualClock}, which is a bean, too. The engine
 * has all else from the application: properties, workflows, transactions.
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
 * <p>What {@code spring.datasource.url} and {@code cloacina.database} name, SQLite or PostgreSQL, is replaced by an empty database of
 * the same kind, which belongs to the application context and is removed with it; {@link io.cloacina.testing.DatabaseTest} says which
 * server is used. Tests that share a context share its database and its clock; {@code @DirtiesContext} separates them. With the
 * property {@value TestDatabases#FRESH}{@code =false} the databases are those of the application, such as of a container.
 *
 * <p>Bodies run in the thread of the test. A test with {@code @Transactional} cannot drive the engine ({@code IN_TRANSACTION}): what it
 * submits is not committed.
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

    /** The classes that configure the application. Default: it is found as {@link SpringBootTest} finds it. */
    @AliasFor(annotation = SpringBootTest.class, attribute = "classes")
    Class<?>[] classes() default {};

    /** Whether there is a web server. Default: none that listens, as in {@link SpringBootTest}. */
    @AliasFor(annotation = SpringBootTest.class, attribute = "webEnvironment")
    WebEnvironment webEnvironment() default WebEnvironment.MOCK;
}
