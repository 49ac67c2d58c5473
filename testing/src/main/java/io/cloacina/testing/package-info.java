/**
 * For tests of workflows: {@link io.cloacina.testing.TestEngine} is an engine without threads, driven manually, with a
 * {@link io.cloacina.testing.ManualClock}, so that nothing waits for wall-clock time;
 * {@link io.cloacina.testing.DatabaseTest} runs a test on SQLite and on PostgreSQL;
 * {@link io.cloacina.testing.CloacinaAssertions} checks executions, and prints the state of every task when a check
 * fails.
 *
 * <pre>{@code
 * @DatabaseTest
 * void a_reading_that_fails_is_tried_again_after_a_minute(TestDatabase database) {
 *     try (TestEngine engine = TestEngine.on(database.url()).workflow(weather).start()) {
 *         UUID id = engine.submit("weather", Map.of("city", "Seattle"));
 *         engine.tick();
 *         assertThat(engine, id).hasTask("read").ready().onAttempt(1);
 *
 *         engine.advance(Duration.ofMinutes(1));
 *         assertThat(engine, id).isCompleted().hasTask("read").completed().onAttempt(2);
 *     }
 * }
 * }</pre>
 *
 * <p>Invariants: nothing sleeps; a database belongs to one test; a test whose database is not available fails, it is
 * never skipped.
 */
@NullMarked
package io.cloacina.testing;

import org.jspecify.annotations.NullMarked;
