package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.BulkActionKind;
import io.cloacina.api.BulkOperationState;
import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.ValueOperator;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.AesGcmCodec;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.BulkOperation;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.PayloadCodec;
import io.cloacina.engine.model.PayloadUnreadableException;
import io.cloacina.engine.model.Schedule;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** What users store is encoded, and who has the key reads it. */
@Timeout(60)
class PayloadCodecTest {
    private static final String MARKER = "Ada-Lovelace-4711";
    private static final AesGcmCodec FIRST = AesGcmCodec.of(key(0), "k1", key(1));
    private static final AesGcmCodec BOTH = AesGcmCodec.of(key(0), "k2", key(2)).andDecodes("k1", key(1));
    private static final AesGcmCodec SECOND = AesGcmCodec.of(key(0), "k2", key(2));
    private static final AesGcmCodec WRONG = AesGcmCodec.of(key(0), "k1", key(9));

    private final List<String> seen = new ArrayList<>();

    private static byte[] key(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    /** Everything that can store what a user gave. */
    private WorkflowDefinition.Builder everything() {
        return WorkflowDefinition.named("everything")
                .version("1")
                .limit(Limit.atMost(5).per("customer"))
                .task("copy", context -> context.output(Map.of(MARKER, context.get("customer", String.class))))
                .task(
                        "each",
                        context -> {
                            if (context.attempt() == 1) {
                                throw new IllegalStateException("the element " + context.element(String.class));
                            }
                            context.output(context.element(String.class));
                        },
                        task -> task.after("copy")
                                .forEach("customers")
                                .retry(RetryPolicy.fixed(2, Duration.ofHours(1))))
                .task(
                        "decide",
                        context -> seen.add(context.signal(String.class)),
                        task -> task.after("copy").signal("decision"))
                .task(
                        "fails",
                        context -> {
                            throw new IllegalStateException("no truck for " + context.get("customer", String.class));
                        },
                        task -> task.after("copy"))
                .task(
                        "hands",
                        context -> context.output(Map.of("customer", MARKER)),
                        task -> task.after("copy").child("child"));
    }

    private static WorkflowDefinition child() {
        return WorkflowDefinition.named("child")
                .version("1")
                .task("wait", context -> context.output(context.get("customer", String.class)))
                .build();
    }

    private TestEngine engine(TestDatabase database, PayloadCodec codec) {
        return TestEngine.on(database.url())
                .workflow(everything().build())
                .workflow(child())
                .configure(builder -> builder.payloadCodec(codec))
                .start();
    }

    private TestEngine withoutCodec(TestDatabase database) {
        return TestEngine.on(database.url())
                .workflow(everything().build())
                .workflow(child())
                .start();
    }

    private static Map<String, ?> input() {
        return Map.of("customer", MARKER, "customers", List.of(MARKER, MARKER + "2"));
    }

    @DatabaseTest
    void a_bulk_operation_without_the_key_leaves_an_execution_as_it_was(TestDatabase database) {
        WorkflowDefinition decided = WorkflowDefinition.named("decided")
                .version("1")
                .task("waits", context -> {}, task -> task.signal("decision"))
                .task(
                        "reacts",
                        context -> {},
                        task -> task.after("waits")
                                .when(TriggerRule.all(
                                        TriggerCondition.taskFailed("waits"),
                                        TriggerCondition.contextValue("customer", ValueOperator.EXISTS))))
                .build();
        UUID id;
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(decided)
                .configure(builder -> builder.payloadCodec(FIRST))
                .start()) {
            id = engine.submit("decided", input());
            engine.tick();
        }
        try (TestEngine engine = TestEngine.on(database.url()).workflow(decided).start()) {
            UUID operation = engine.engine()
                    .operations()
                    .start(ExecutionQuery.all(), BulkAction.cancel(Cancel.withCompensation()));
            engine.tick();

            BulkOperation ended = engine.engine().operations().find(operation).orElseThrow();
            assertThat(ended.state()).isEqualTo(BulkOperationState.COMPLETED);
            assertThat(ended.failed()).isEqualTo(1);
            assertThat(ended.firstFailed()).startsWith("execution " + id);
            assertThat(engine.task(id, "waits").status()).isEqualTo(TaskStatus.WAITING);
        }
    }

    @DatabaseTest
    void nothing_of_a_payload_is_readable_in_the_tables(TestDatabase database) {
        try (TestEngine engine = engine(database, FIRST)) {
            UUID id = engine.submit("everything", input());
            engine.engine()
                    .schedules()
                    .put(Schedule.of("nightly", "everything").cron("0 2 * * *").input(input()));
            engine.engine().schedules().fire("nightly");
            engine.engine().pause(id, "because of " + MARKER);
            assertHidden(database);
            assertThat(engine.execution(id).pauseReason()).isEqualTo("because of " + MARKER);
            engine.engine().resume(id);
            engine.tick();
            engine.engine().signal(id, "decision", MARKER);
            assertHidden(database);
            engine.tick();
            assertHidden(database);
            assertThat(engine.task(id, "each[0]").error()).contains("the element " + MARKER);
            engine.advance(Duration.ofHours(1));
            engine.tick();

            assertHidden(database);
            assertThat(engine, id).isFailed().hasTask("each").completed();
            assertThat(seen).containsExactly(MARKER);
            assertThat(engine.task(id, "fails").error()).contains("no truck for " + MARKER);
            assertThat(engine.engine().context(id).json()).contains(MARKER + "2");
            assertThat(engine.engine().failures(Instant.EPOCH).groups().get(0).error())
                    .contains(MARKER);
            assertThat(engine.engine()
                            .schedules()
                            .find("nightly")
                            .orElseThrow()
                            .schedule()
                            .input())
                    .isEqualTo(input());
            UUID again = engine.engine().restart(id);
            engine.engine().cancel(again);
            assertHidden(database);
        }
    }

    @DatabaseTest
    void without_a_codec_texts_are_stored_as_they_are(TestDatabase database) {
        try (TestEngine engine = withoutCodec(database)) {
            Map<String, Object> input =
                    new TreeMap<>(Map.of("customer", "{ \"$encoded\":\"k1:", "customers", List.of()));
            UUID id = engine.submit("everything", input);
            engine.engine().pause(id, "{ \"$encoded\":\"k1:AAAA\"}");
            assertThat(Rows.texts(database, "SELECT value FROM contexts"))
                    .containsExactly("{\"customer\":\"{ \\\"$encoded\\\":\\\"k1:\",\"customers\":[]}");
            // A text of a user is not taken for an encoded one.
            assertThat(engine.execution(id).pauseReason()).isEqualTo(" { \"$encoded\":\"k1:AAAA\"}");
        }
    }

    @DatabaseTest
    void a_codec_is_switched_on_and_keys_are_replaced_under_running_work(TestDatabase database) {
        UUID plain;
        UUID first;
        try (TestEngine engine = withoutCodec(database)) {
            plain = engine.submit("everything", input());
            engine.tick();
        }
        try (TestEngine engine = engine(database, FIRST)) {
            engine.advance(Duration.ofHours(2));
            engine.tick();
            first = engine.submit("everything", input());
            engine.tick();
        }
        try (TestEngine engine = engine(database, BOTH)) {
            engine.advance(Duration.ofHours(4));
            for (UUID id : List.of(plain, first)) {
                engine.engine().signal(id, "decision", MARKER);
            }
            UUID second = engine.submit("everything", input());
            engine.engine().signal(second, "decision", MARKER);
            engine.tick();
            engine.advance(Duration.ofHours(1));
            engine.tick();
            for (UUID id : List.of(plain, first, second)) {
                assertThat(engine, id).isFailed().hasTask("each").completed();
                assertThat(engine.engine().context(id).get("copy", Object.class))
                        .isEqualTo(Map.of(MARKER, MARKER));
            }
            assertThat(seen).containsOnly(MARKER).hasSize(3);
        }
        assertThat(Rows.texts(database, "SELECT value FROM contexts"))
                .anyMatch(text -> text.startsWith("{ \"$encoded\":\"k1:"))
                .anyMatch(text -> text.startsWith("{ \"$encoded\":\"k2:"))
                .anyMatch(text -> text.contains(MARKER));
    }

    @DatabaseTest
    void who_lacks_the_key_is_told_so_and_fails_no_task(TestDatabase database) {
        UUID id;
        try (TestEngine engine = engine(database, FIRST)) {
            id = engine.submit("everything", input());
        }
        int days = 1;
        for (PayloadCodec codec : List.of(SECOND, WRONG)) {
            try (TestEngine engine = engine(database, codec)) {
                engine.advance(Duration.ofDays(days++));
                engine.tick();
                assertThat(engine.task(id, "copy").error()).contains("[PAYLOAD_UNREADABLE]", "'k1'");
            }
        }
        try (TestEngine engine = withoutCodec(database)) {
            engine.advance(Duration.ofDays(days++));
            engine.tick();
            assertThatThrownBy(() -> engine.engine().context(id))
                    .isInstanceOfSatisfying(
                            PayloadUnreadableException.class,
                            e -> assertThat(e.keyId()).isEqualTo("k1"))
                    .hasMessageContaining("--key-file");
            assertThat(engine.execution(id).isFinished()).isFalse();
        }
        try (TestEngine engine = engine(database, BOTH)) {
            engine.advance(Duration.ofDays(days));
            engine.tick();
            assertThat(engine, id).hasTask("copy").completed();
        }
    }

    @DatabaseTest
    void a_schedule_whose_input_cannot_be_decoded_stays_due(TestDatabase database) {
        try (TestEngine engine = engine(database, FIRST)) {
            engine.engine()
                    .schedules()
                    .put(Schedule.of("nightly", "child").cron("0 2 * * *").input(input()));
        }
        try (TestEngine engine = withoutCodec(database)) {
            assertThatThrownBy(() -> engine.advance(Duration.ofDays(1))).isInstanceOf(PayloadUnreadableException.class);
            assertThat(engine.engine().schedules().find("nightly").orElseThrow())
                    .satisfies(found -> assertThat(found.schedule().input()).isEqualTo(Map.of("$encoded", "k1")))
                    .satisfies(found -> assertThat(found.isEnabled()).isTrue());
        }
        try (TestEngine engine = engine(database, FIRST)) {
            engine.advance(Duration.ofDays(1));
            assertThat(engine.engine().schedules().history("nightly", 10)).isNotEmpty();
        }
    }

    @DatabaseTest
    void the_value_of_a_limit_is_hidden_and_still_shared_after_a_key_was_replaced(TestDatabase database) {
        WorkflowDefinition mail = WorkflowDefinition.named("mail")
                .version("1")
                .task(
                        "send",
                        context -> seen.add(context.get("customer", String.class)),
                        task -> task.limit(Limit.starts(1, Duration.ofDays(30)).per("customer")))
                .build();
        for (PayloadCodec codec : List.of(FIRST, BOTH)) {
            try (TestEngine engine = TestEngine.on(database.url())
                    .workflow(mail)
                    .configure(builder -> builder.payloadCodec(codec))
                    .start()) {
                engine.submit("mail", Map.of("customer", MARKER));
                engine.submit("mail", Map.of("customer", "Bob"));
                engine.tick();
                assertHidden(database);
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(MARKER, "Bob");
    }

    @DatabaseTest
    void a_running_engine_encodes_and_decodes(TestDatabase database) throws Exception {
        try (Engine engine = Engine.builder(database.url())
                .workflow(child())
                .payloadCodec(FIRST)
                .start()) {
            List<UUID> ids = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                ids.add(engine.submit("child", Map.of("customer", MARKER + i)));
            }
            for (int i = 0; i < 50; i++) {
                Execution ended =
                        engine.await(ids.get(i), Duration.ofSeconds(30)).orElseThrow();
                assertThat(engine.context(ended.id()).get("wait", String.class)).isEqualTo(MARKER + i);
            }
            assertHidden(database);
        }
    }

    @DatabaseTest
    void operations_are_listed_also_without_the_key_of_their_reasons(TestDatabase database) {
        ExecutionQuery all = ExecutionQuery.all();
        UUID id;
        try (TestEngine engine = engine(database, FIRST)) {
            engine.submit("child", Map.of("customer", MARKER));
            id = engine.engine().operations().start(all, BulkAction.pause("because of " + MARKER));
            engine.engine().operations().start(all, BulkAction.cancel(Cancel.withCompensation()));
            assertHidden(database);
        }
        try (TestEngine engine = withoutCodec(database)) {
            engine.tick();
            List<BulkOperation> operations = engine.engine().operations().list(10);
            assertThat(operations).hasSize(2);
            BulkOperation pause = engine.engine().operations().find(id).orElseThrow();
            assertThat(pause.action().kind()).isEqualTo(BulkActionKind.PAUSE);
            assertThat(pause.action().reason()).contains("encrypted");
            assertThat(pause.state()).isEqualTo(BulkOperationState.RUNNING);
        }
        try (TestEngine engine = engine(database, FIRST)) {
            engine.tick();
            BulkOperation pause = engine.engine().operations().find(id).orElseThrow();
            assertThat(pause.action().reason()).contains("because of " + MARKER);
            assertThat(pause.state()).isEqualTo(BulkOperationState.COMPLETED);
        }
    }

    @DatabaseTest
    void a_codec_that_fails_fails_what_it_was_to_encode_and_nothing_else(TestDatabase database) {
        Map<String, Function<String, @Nullable String>> wrong =
                Map.of("must encode to printable ASCII", text -> null, "no key service", text -> {
                    throw new IllegalStateException("no key service");
                });
        wrong.forEach((message, encode) -> {
            AtomicBoolean works = new AtomicBoolean(true);
            PayloadCodec codec = new PayloadCodec() {
                @Override
                public String encode(String text, String column) {
                    return works.get() ? FIRST.encode(text, column) : encode.apply(text);
                }

                @Override
                public String decode(String encoded, String column) {
                    return FIRST.decode(encoded, column);
                }

                @Override
                public String fingerprint(String text) {
                    return FIRST.fingerprint(text);
                }
            };
            try (TestEngine engine = TestEngine.on(database.url())
                    .workflow(child())
                    .configure(builder -> builder.payloadCodec(codec))
                    .start()) {
                UUID id = engine.submit("child", Map.of("customer", MARKER));
                works.set(false);
                assertThatThrownBy(() -> engine.submit("child", Map.of("customer", MARKER)))
                        .hasMessageContaining(message);
                works.set(true);
                engine.tick();
                assertThat(engine, id).isCompleted();
            }
        });
    }

    private static void assertHidden(TestDatabase database) {
        List<String> shown = new ArrayList<>();
        byte[] marker = MARKER.getBytes(StandardCharsets.UTF_8);
        List<String> forms = new ArrayList<>(List.of(MARKER, HexFormat.of().formatHex(marker)));
        for (int shift = 0; shift < 3; shift++) {
            byte[] shifted = new byte[marker.length + shift];
            System.arraycopy(marker, 0, shifted, shift, marker.length);
            String base64 = Base64.getEncoder().encodeToString(shifted);
            forms.add(base64.substring(4, base64.length() - 4));
        }
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (Table table : CloacinaSchema.SCHEMA.tables()) {
                try (ResultSet row = statement.executeQuery("SELECT * FROM " + table.tableName())) {
                    while (row.next()) {
                        for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                            String text = row.getString(column);
                            if (text != null && forms.stream().anyMatch(text::contains)) {
                                shown.add(table.tableName() + "."
                                        + row.getMetaData().getColumnName(column) + ": " + text);
                            }
                        }
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        assertThat(shown).isEmpty();
    }
}
