package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.CatchUp;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Occurrence;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.ScheduleStatistics;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;

/** Schedules. The clock begins at 03:04:05 UTC. */
@Timeout(120)
class CronTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final WorkflowDefinition REPORT = WorkflowDefinition.named("report")
            .version("1")
            .task("write", context -> context.output(context.get(Schedule.TIME_KEY, Instant.class)))
            .build();

    private static TestEngine engine(TestDatabase database) {
        return TestEngine.on(database.url()).workflow(REPORT).start();
    }

    private static Schedule hourly() {
        return Schedule.of("hourly", "report").cron("0 * * * *");
    }

    private static List<String> fired(Engine engine, String name) {
        List<Occurrence> history = new ArrayList<>(engine.schedules().history(name, 10_000));
        Collections.reverse(history);
        return history.stream().map(each -> each.scheduledAt().toString()).toList();
    }

    private static List<Execution> executions(TestEngine engine) {
        return engine.engine().list(ExecutionQuery.all().limit(1_000));
    }

    @DatabaseTest
    void a_schedule_submits_its_workflow_when_its_time_has_come(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.engine().schedules().put(hourly().input(Map.of("city", "Rome")));
            engine.tick();
            assertThat(executions(engine)).isEmpty();
            engine.advance(Duration.ofSeconds(55 * 60 + 54));
            assertThat(executions(engine)).isEmpty();
            engine.advance(Duration.ofSeconds(1));

            Execution execution = executions(engine).get(0);
            assertThat(engine, execution.id()).isCompleted();
            assertThat(engine.engine().context(execution.id()).get("city", String.class))
                    .isEqualTo("Rome");
            assertThat(engine.engine().context(execution.id()).get(Schedule.NAME_KEY, String.class))
                    .isEqualTo("hourly");
            assertThat(engine.engine().context(execution.id()).get("write", Instant.class))
                    .isEqualTo("2026-01-02T04:00:00Z");
            Instant time = Instant.parse("2026-01-02T04:00:00Z");
            assertThat(engine.engine().schedules().history("hourly", 10))
                    .containsExactly(new Occurrence(time, time, execution.id(), ExecutionStatus.COMPLETED));
            assertThat(Rows.texts(database, "SELECT origin FROM pipeline_executions"))
                    .containsExactly("schedule");
            engine.advance(HOUR);
            engine.advance(HOUR);
            assertThat(fired(engine.engine(), "hourly"))
                    .containsExactly("2026-01-02T04:00:00Z", "2026-01-02T05:00:00Z", "2026-01-02T06:00:00Z");
        }
    }

    @DatabaseTest
    void it_follows_the_clock_on_the_wall_of_its_zone(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.clock().set(Instant.parse("2026-03-28T12:00:00Z"));
            engine.engine()
                    .schedules()
                    .put(Schedule.of("nightly", "report").cron("30 2 * * *").zone("Europe/Berlin"));
            for (int i = 0; i < 48; i++) {
                engine.advance(HOUR);
            }
            assertThat(fired(engine.engine(), "nightly"))
                    .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
        }
    }

    @DatabaseTest
    void putting_a_schedule_again_changes_it_and_never_doubles_it(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            var first = engine.engine().schedules().put(hourly());
            assertThat(engine.engine().schedules().put(hourly()))
                    .usingRecursiveComparison()
                    .isEqualTo(first);
            engine.engine().schedules().put(hourly().input(Map.of("n", 1)));
            assertThat(engine.engine().schedules().list()).singleElement().satisfies(state -> {
                assertThat(state.schedule().input()).isEqualTo(Map.of("n", 1));
                assertThat(state.nextAt()).isEqualTo("2026-01-02T04:00:00Z");
            });
            engine.engine().schedules().put(hourly().cron("30 * * * *"));
            assertThat(engine.engine().schedules().list())
                    .singleElement()
                    .satisfies(state -> assertThat(state.nextAt()).isEqualTo("2026-01-02T03:30:00Z"));
            engine.advance(HOUR);
            assertThat(executions(engine)).hasSize(1);
        }
    }

    @DatabaseTest
    void what_was_missed_stays_due_when_the_application_starts_again_and_says_its_schedules(TestDatabase database) {
        TestEngine first = engine(database);
        first.engine().schedules().put(hourly());
        first.close();
        ManualClock clock = first.clock();
        clock.advance(Duration.ofHours(10));
        try (TestEngine second =
                TestEngine.on(database.url()).clock(clock).workflow(REPORT).start()) {
            second.engine().schedules().put(hourly().input(Map.of("n", 2)));
            second.tick();
            assertThat(fired(second.engine(), "hourly")).containsExactly("2026-01-02T13:00:00Z");
        }
    }

    private static List<String> afterADay(TestDatabase database, Schedule schedule) {
        try (TestEngine engine = engine(database)) {
            engine.engine().schedules().put(schedule);
            engine.advance(DAY);
            List<String> fired = fired(engine.engine(), schedule.name());
            engine.tick();
            assertThat(fired(engine.engine(), schedule.name())).isEqualTo(fired);
            assertThat(engine.engine()
                            .schedules()
                            .find(schedule.name())
                            .orElseThrow()
                            .nextAt())
                    .isEqualTo("2026-01-03T04:00:00Z");
            return fired;
        }
    }

    @DatabaseTest
    void missed_occurrences_are_skipped(TestDatabase database) {
        assertThat(afterADay(database, hourly().catchUp(CatchUp.skip()))).isEmpty();
    }

    @DatabaseTest
    void one_is_run_for_all_that_were_missed(TestDatabase database) {
        assertThat(afterADay(database, hourly().catchUp(CatchUp.runOnce()))).containsExactly("2026-01-03T03:00:00Z");
    }

    @DatabaseTest
    void all_that_were_missed_are_run(TestDatabase database) {
        assertThat(afterADay(database, hourly().catchUp(CatchUp.runAll(1_000, Duration.ofDays(7)))))
                .hasSize(24)
                .startsWith("2026-01-02T04:00:00Z")
                .endsWith("2026-01-03T03:00:00Z");
    }

    @DatabaseTest
    void the_latest_of_those_that_were_missed_are_run(TestDatabase database) {
        assertThat(afterADay(database, hourly().catchUp(CatchUp.runAll(2, Duration.ofDays(7)))))
                .containsExactly("2026-01-03T02:00:00Z", "2026-01-03T03:00:00Z");
    }

    @DatabaseTest
    void those_that_are_too_old_are_not_run(TestDatabase database) {
        assertThat(afterADay(database, hourly().catchUp(CatchUp.runAll(100, Duration.ofMinutes(130)))))
                .containsExactly("2026-01-03T01:00:00Z", "2026-01-03T02:00:00Z", "2026-01-03T03:00:00Z");
        assertThat(afterADay(
                        database,
                        Schedule.of("old", "report").cron("0 4 * * *").catchUp(CatchUp.runOnce(Duration.ofHours(20)))))
                .isEmpty();
    }

    @DatabaseTest
    void more_than_fit_into_one_transaction_are_run_and_none_twice(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.engine()
                    .schedules()
                    .put(Schedule.of("often", "report").cron("* * * * *").catchUp(CatchUp.runAll(700, DAY)));
            engine.engine().schedules().put(hourly());
            engine.advance(DAY);
            List<String> fired = fired(engine.engine(), "often");
            // The bound is for those that were missed; the one of 03:04 is not late enough for that.
            assertThat(fired).hasSize(701).doesNotHaveDuplicates().endsWith("2026-01-03T03:04:00Z");
            assertThat(fired(engine.engine(), "hourly")).hasSize(1);
        }
    }

    @DatabaseTest
    void what_is_less_than_a_minute_late_was_not_missed(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.engine()
                    .schedules()
                    .put(Schedule.of("seconds", "report").cron("*/10 * * * * *").catchUp(CatchUp.skip()));
            engine.advance(Duration.ofSeconds(45));
            assertThat(fired(engine.engine(), "seconds")).hasSize(5);
            engine.advance(HOUR);
            assertThat(fired(engine.engine(), "seconds")).hasSize(5 + 7);
        }
    }

    @DatabaseTest
    void a_schedule_fires_within_its_window(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.engine()
                    .schedules()
                    .put(hourly().between(
                                    Instant.parse("2026-01-02T05:00:00Z"), Instant.parse("2026-01-02T07:00:00Z")));
            for (int i = 0; i < 6; i++) {
                engine.advance(HOUR);
            }
            assertThat(fired(engine.engine(), "hourly"))
                    .containsExactly("2026-01-02T05:00:00Z", "2026-01-02T06:00:00Z");
            assertThat(engine.engine().schedules().find("hourly").orElseThrow().nextAt())
                    .isNull();
            assertThat(engine.engine().schedules().next("hourly", 3)).isEmpty();
        }
    }

    @DatabaseTest
    void a_disabled_schedule_does_not_fire_and_does_not_make_up_for_it(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.engine().schedules().put(hourly().catchUp(CatchUp.runAll(100, DAY)));
            engine.engine().schedules().disable("hourly");
            engine.engine()
                    .schedules()
                    .put(hourly().catchUp(CatchUp.runAll(100, DAY)).cron("30 * * * *"));
            engine.advance(Duration.ofHours(3));
            assertThat(engine.engine().schedules().find("hourly").orElseThrow().isEnabled())
                    .isFalse();
            assertThat(executions(engine)).isEmpty();
            engine.engine().schedules().enable("hourly");
            engine.engine().schedules().enable("hourly");
            engine.tick();
            assertThat(executions(engine)).isEmpty();
            engine.advance(HOUR);
            assertThat(fired(engine.engine(), "hourly")).containsExactly("2026-01-02T06:30:00Z");
        }
    }

    @DatabaseTest
    void a_schedule_is_fired_by_hand_without_moving_its_times(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.engine().schedules().put(hourly().input(Map.of("city", "Rome")));
            engine.clock().set(Instant.parse("2026-01-02T04:00:00Z").minusNanos(1_000));
            UUID early = engine.engine().schedules().fire("hourly");
            UUID again = engine.engine().schedules().fire("hourly");
            engine.tick();
            assertThat(engine.engine().schedules().next("hourly", 1))
                    .containsExactly(Instant.parse("2026-01-02T04:00:00Z"));
            engine.advance(Duration.ofNanos(1_000));

            assertThat(engine, early).isCompleted();
            assertThat(engine.engine().context(early).get("city", String.class)).isEqualTo("Rome");
            assertThat(engine.engine().context(early).get(Schedule.NAME_KEY, String.class))
                    .isEqualTo("hourly");
            assertThat(engine.engine().context(early).get("write", Instant.class))
                    .isEqualTo("2026-01-02T03:59:59.999999Z");
            assertThat(fired(engine.engine(), "hourly"))
                    .containsExactly(
                            "2026-01-02T03:59:59.999999Z", "2026-01-02T04:00:00Z", "2026-01-02T04:00:00.000001Z");
            assertThat(engine.engine().schedules().history("hourly", 10).get(0).executionId())
                    .isEqualTo(again);
            assertThat(Rows.texts(database, "SELECT DISTINCT origin FROM pipeline_executions"))
                    .containsExactly("schedule");

            engine.engine().schedules().disable("hourly");
            UUID disabled = engine.engine().schedules().fire("hourly");
            engine.tick();
            assertThat(engine, disabled).isCompleted();
            assertThat(engine.engine().schedules().find("hourly").orElseThrow().nextAt())
                    .isNull();
            engine.advance(DAY);
            assertThat(executions(engine)).hasSize(4);
        }
    }

    @DatabaseTest
    void a_client_fires_a_schedule_whose_workflow_others_have(TestDatabase database) {
        try (TestEngine engine = engine(database);
                Engine client = Engine.builder(database.url()).client().start()) {
            engine.engine().schedules().put(hourly());
            UUID id = client.schedules().fire("hourly");
            engine.tick();
            assertThat(engine, id).isCompleted();
            assertThatThrownBy(() -> client.schedules().fire("hourli")).hasMessage("there is no schedule 'hourli'");
        }
    }

    @DatabaseTest
    void a_deleted_schedule_is_gone_with_its_history_and_its_executions_stay(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.engine().schedules().put(hourly());
            engine.advance(HOUR);
            assertThat(engine.engine().schedules().delete("hourly")).isTrue();
            assertThat(engine.engine().schedules().delete("hourly")).isFalse();
            engine.advance(HOUR);
            assertThat(executions(engine)).hasSize(1);
            assertThat(Rows.texts(database, "SELECT id FROM cron_executions")).isEmpty();
            assertThat(engine.engine().schedules().find("hourly")).isEmpty();
        }
    }

    @DatabaseTest
    void of_the_missed_times_only_the_first_comes_next_unless_all_are_run(TestDatabase database) {
        Instant first = Instant.parse("2026-01-02T04:00:00Z");
        try (TestEngine engine = engine(database)) {
            engine.engine().schedules().put(hourly());
            engine.engine()
                    .schedules()
                    .put(Schedule.of("all", "report").cron("0 * * * *").catchUp(CatchUp.runAll(10, DAY)));
            engine.clock().set(Instant.parse("2026-01-02T07:30:00Z"));

            assertThat(engine.engine().schedules().next("hourly", 3))
                    .containsExactly(
                            first, Instant.parse("2026-01-02T08:00:00Z"), Instant.parse("2026-01-02T09:00:00Z"));
            assertThat(engine.engine().schedules().next("hourly", 1)).containsExactly(first);
            assertThat(engine.engine().schedules().next("hourly", 0)).isEmpty();
            assertThat(engine.engine().schedules().next("all", 2)).containsExactly(first, first.plus(HOUR));
        }
    }

    @DatabaseTest
    void next_times_and_statistics(TestDatabase database) {
        WorkflowDefinition failing = WorkflowDefinition.named("failing")
                .task("fail", context -> {
                    throw new IllegalStateException("no");
                })
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(REPORT).workflow(failing).start()) {
            engine.engine().schedules().put(hourly());
            engine.engine().schedules().put(Schedule.of("failing", "failing").cron("0 * * * *"));
            assertThat(engine.engine().schedules().next("hourly", 2))
                    .containsExactly(Instant.parse("2026-01-02T04:00:00Z"), Instant.parse("2026-01-02T05:00:00Z"));
            engine.advance(HOUR);
            engine.advance(HOUR);
            assertThat(engine.engine().schedules().statistics("hourly"))
                    .isEqualTo(new ScheduleStatistics(2, 2, 0, 0, 0));
            assertThat(engine.engine().schedules().statistics("failing"))
                    .isEqualTo(new ScheduleStatistics(2, 0, 2, 0, 0));
        }
    }

    @DatabaseTest
    void history_goes_with_the_executions_that_retention_removes(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(REPORT)
                .configure(builder -> builder.retention(Duration.ofMinutes(90)))
                .start()) {
            engine.engine().schedules().put(hourly());
            for (int i = 0; i < 5; i++) {
                engine.advance(HOUR);
            }
            assertThat(fired(engine.engine(), "hourly"))
                    .containsExactly("2026-01-02T07:00:00Z", "2026-01-02T08:00:00Z");
        }
    }

    @DatabaseTest
    void an_unknown_workflow_or_schedule_is_refused(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            assertThatThrownBy(() -> engine.engine()
                            .schedules()
                            .put(Schedule.of("s", "reprot").cron("0 * * * *")))
                    .isInstanceOf(UnknownWorkflowException.class);
            assertThat(engine.engine().schedules().list()).isEmpty();
            for (Runnable call : List.<Runnable>of(
                    () -> engine.engine().schedules().enable("s"),
                    () -> engine.engine().schedules().disable("s"),
                    () -> engine.engine().schedules().next("s", 1),
                    () -> engine.engine().schedules().history("s", 1),
                    () -> engine.engine().schedules().statistics("s"))) {
                assertThatThrownBy(call::run)
                        .isInstanceOfSatisfying(
                                CloacinaException.class,
                                e -> assertThat(e.code()).isEqualTo("UNKNOWN_SCHEDULE"));
            }
        }
    }

    @DatabaseTest
    void a_schedule_without_times_is_refused(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            Schedule timeless = Schedule.of("nightly", "report").zone("Europe/Berlin");
            assertThat(timeless).hasToString("nightly: no times");
            for (Runnable call : List.<Runnable>of(
                    () -> engine.engine().schedules().put(timeless),
                    timeless::cron,
                    () -> timeless.next(Instant.EPOCH, 1))) {
                assertThatThrownBy(call::run)
                        .isInstanceOfSatisfying(
                                CloacinaException.class,
                                e -> assertThat(e.code()).isEqualTo("INVALID_CRON"))
                        .hasMessage("schedule 'nightly' has no times: call cron, such as cron(\"0 2 * * *\")");
            }
            assertThat(engine.engine().schedules().list()).isEmpty();
        }
    }

    @DatabaseTest
    void the_keys_that_the_engine_adds_to_an_input_are_refused_in_it(TestDatabase database) {
        assertThatThrownBy(() -> hourly().input(Map.of("schedule", "mine", "scheduled_at", 5, "n", 1)))
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_INPUT"))
                .hasMessageContaining("the input of schedule 'hourly' must not have 'schedule' and 'scheduled_at'");
        try (TestEngine engine = engine(database)) {
            engine.engine().schedules().put(hourly().input(Map.of("n", 1)));
            Rows.run(database, "UPDATE cron_schedules SET input = '{\"schedule\":\"mine\",\"n\":1}'"); // stored before
            assertThat(engine.engine().schedules().list())
                    .singleElement()
                    .satisfies(state -> assertThat(state.schedule().input()).isEqualTo(Map.of("n", 1)));
        }
    }

    @DatabaseTest
    void an_input_that_does_not_fit_is_refused_with_the_name_of_the_schedule(TestDatabase database) {
        WorkflowDefinition needing = WorkflowDefinition.named("needing")
                .input("city", String.class)
                .task("t", context -> {})
                .build();
        WorkflowDefinition declaring = WorkflowDefinition.named("declaring")
                .input("city", String.class)
                .schedule("at two", "0 2 * * *", "UTC")
                .task("t", context -> {})
                .build();
        String problem = ": the input does not fit workflow ";
        assertThatThrownBy(
                        () -> Engine.builder(database.url()).workflow(declaring).build())
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_INPUT"))
                .hasMessageContaining("schedule 'at two'" + problem + "'declaring'");
        try (TestEngine engine = TestEngine.on(database.url()).workflow(needing).start()) {
            assertThatThrownBy(() -> engine.engine()
                            .schedules()
                            .put(Schedule.of("hourly", "needing").cron("0 * * * *")))
                    .hasMessageContaining("schedule 'hourly'" + problem + "'needing'");
        }
    }

    @DatabaseTest
    void a_schedule_of_another_workflow_is_left_to_those_who_have_it(TestDatabase database) {
        WorkflowDefinition other =
                WorkflowDefinition.named("other").task("t", context -> {}).build();
        ManualClock clock = new ManualClock();
        try (TestEngine one = TestEngine.on(database.url())
                        .clock(clock)
                        .workflow(REPORT)
                        .start();
                TestEngine two = TestEngine.on(database.url())
                        .clock(clock)
                        .workflow(other)
                        .start()) {
            one.engine().schedules().put(hourly());
            clock.advance(HOUR);
            two.tick();
            assertThat(executions(two)).isEmpty();
            one.tick();
            assertThat(executions(one)).hasSize(1);
        }
    }

    @DatabaseTest
    void a_clock_that_is_set_back_repeats_nothing(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.engine().schedules().put(hourly());
            engine.advance(HOUR);
            engine.clock().set(ManualClock.DEFAULT_START);
            engine.engine().schedules().put(hourly().between(null, Instant.parse("2030-01-01T00:00:00Z")));
            engine.engine().schedules().disable("hourly");
            engine.engine().schedules().enable("hourly");
            engine.advance(HOUR);
            engine.advance(HOUR);
            assertThat(fired(engine.engine(), "hourly"))
                    .containsExactly("2026-01-02T04:00:00Z", "2026-01-02T05:00:00Z");
        }
    }

    @DatabaseTest
    void a_schedule_that_cannot_be_read_is_disabled_and_holds_up_no_other(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.engine().schedules().put(hourly());
            engine.engine().schedules().put(Schedule.of("damaged", "report").cron("0 * * * *"));
            Rows.run(database, "UPDATE cron_schedules SET timezone = 'Atlantis' WHERE name = 'damaged'");
            engine.advance(HOUR);
            assertThat(fired(engine.engine(), "hourly")).hasSize(1);
            assertThat(Rows.texts(database, "SELECT name FROM cron_schedules WHERE next_run_at IS NULL"))
                    .containsExactly("damaged");
            assertThat(engine.engine().schedules().list())
                    .extracting(state -> state.schedule().name())
                    .containsExactly("hourly");
            engine.engine().schedules().put(Schedule.of("damaged", "report").cron("0 * * * *"));
            engine.engine().schedules().enable("damaged");
            engine.advance(HOUR);
            assertThat(fired(engine.engine(), "damaged")).hasSize(1);
        }
    }

    /** The least late: a busy machine may hold up some of them. How late they are on an idle one, {@code ./benchmark cron} measures. */
    @DatabaseTest
    void an_idle_engine_is_not_late(TestDatabase database) {
        try (Engine engine = Engine.builder(database.url()).workflow(REPORT).start()) {
            engine.schedules().put(Schedule.of("seconds", "report").cron("* * * * * *"));
            Instant end = Instant.now().plusSeconds(60);
            while (engine.schedules().history("seconds", 5).size() < 5
                    && Instant.now().isBefore(end)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            List<Duration> late = engine.schedules().history("seconds", 5).stream()
                    .map(each -> Duration.between(each.scheduledAt(), each.firedAt()))
                    .sorted()
                    .toList();
            assertThat(late).hasSize(5).allSatisfy(each -> assertThat(each).isGreaterThanOrEqualTo(Duration.ZERO));
            assertThat(late.get(0)).isLessThan(Duration.ofMillis(50));
        }
    }

    /** Real engines with threads and the clock of the machine. */
    @DatabaseTest
    void two_engines_fire_each_occurrence_once_and_a_long_execution_holds_up_none(TestDatabase database)
            throws InterruptedException {
        ConcurrentLinkedQueue<String> runs = new ConcurrentLinkedQueue<>();
        CountDownLatch six = new CountDownLatch(6);
        CountDownLatch end = new CountDownLatch(1);
        WorkflowDefinition busy = WorkflowDefinition.named("busy")
                .version("1")
                .task("wait", context -> {
                    runs.add(context.get(Schedule.NAME_KEY, String.class)
                            + context.get(Schedule.TIME_KEY, String.class));
                    six.countDown();
                    end.await();
                })
                .build();
        try (Engine one = Engine.builder(database.url()).workflow(busy).start();
                Engine two = Engine.builder(database.url()).workflow(busy).start()) {
            one.schedules().put(Schedule.of("a", "busy").cron("* * * * * *"));
            two.schedules().put(Schedule.of("b", "busy").cron("* * * * * *"));
            assertThat(six.await(30, TimeUnit.SECONDS)).isTrue();
            one.schedules().disable("a");
            one.schedules().disable("b");
            end.countDown();
            for (String name : List.of("a", "b")) {
                List<Occurrence> history = one.schedules().history(name, 100);
                history.forEach(each -> one.await(each.executionId(), Duration.ofSeconds(20)));
                List<String> times = fired(one, name);
                assertThat(times).doesNotHaveDuplicates();
                Instant first = Instant.parse(times.get(0));
                for (int i = 0; i < times.size(); i++) {
                    assertThat(times.get(i)).isEqualTo(first.plusSeconds(i).toString());
                }
            }
            assertThat(runs).doesNotHaveDuplicates();
            assertThat(Set.copyOf(runs))
                    .hasSize(fired(one, "a").size() + fired(one, "b").size());
        }
    }

    @DatabaseTest
    void a_workflow_brings_its_schedules_along_and_a_wrong_one_stops_the_start(TestDatabase database) {
        WorkflowDefinition nightly = WorkflowDefinition.named("nightly")
                .task("work", context -> {})
                .schedule("at two", "0 2 * * *", "Europe/Berlin")
                .build();
        for (int i = 0; i < 2; i++) {
            try (TestEngine engine =
                    TestEngine.on(database.url()).workflow(nightly).start()) {
                assertThat(engine.engine().schedules().list()).singleElement().satisfies(state -> {
                    assertThat(state.schedule().workflow()).isEqualTo("nightly");
                    assertThat(state.schedule().cron()).isEqualTo("0 2 * * *");
                });
            }
        }
        WorkflowDefinition wrong = WorkflowDefinition.named("wrong")
                .task("work", context -> {})
                .schedule("never", "0 25 * * *", "UTC")
                .build();
        assertThatThrownBy(() -> TestEngine.on(database.url()).workflow(wrong).start())
                .hasMessageContaining("cron expression '0 25 * * *'");
    }
}
