package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.AuditLog;
import io.cloacina.engine.model.AuditEntry;
import io.cloacina.engine.model.AuditOutcome;
import io.cloacina.engine.model.AuditQuery;
import io.cloacina.engine.model.AuditedChange;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;

/** The rows that servers write of changes; what a server puts there is tested in its module. */
@Timeout(60)
class AuditTest {
    private static final Duration KEPT = Duration.ofDays(7);

    private static TestEngine start(TestDatabase database) {
        return TestEngine.on(database.url())
                .configure(builder -> builder.retention(KEPT))
                .start();
    }

    private static AuditedChange change(String user, String object) {
        return new AuditedChange(user, "OPERATE", "127.0.0.1", "POST /executions/{id}/cancel", object);
    }

    private static List<UUID> ids(AuditLog log, AuditQuery query) {
        return log.list(query).stream().map(AuditEntry::id).toList();
    }

    @DatabaseTest
    void an_entry_is_there_before_its_end_and_tells_it_then(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            AuditLog log = engine.engine().audit();
            UUID begun = log.begin(change("ada", "a"));
            assertThat(log.list(AuditQuery.all()))
                    .containsExactly(
                            new AuditEntry(begun, engine.clock().instant(), change("ada", "a"), null, null, null));

            log.end(begun, new AuditOutcome(201, null, "b"));
            UUID refused = log.refused(change("otto", "a"), new AuditOutcome(403, "ROLE", null));
            assertThat(log.list(AuditQuery.all()))
                    .containsExactly(
                            new AuditEntry(refused, engine.clock().instant(), change("otto", "a"), 403, "ROLE", null),
                            new AuditEntry(begun, engine.clock().instant(), change("ada", "a"), 201, null, "b"));
        }
    }

    @DatabaseTest
    void entries_are_found_by_user_and_by_what_they_are_about_a_page_at_a_time(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            AuditLog log = engine.engine().audit();
            UUID first = log.begin(change("ada", "a"));
            UUID second = log.begin(change("otto", "b"));
            UUID third = log.begin(change("ada", "c"));
            log.end(third, new AuditOutcome(201, null, "a"));

            assertThat(ids(log, AuditQuery.all().user("ada"))).containsExactly(third, first);
            assertThat(ids(log, AuditQuery.all().about("a"))).containsExactly(third, first);
            assertThat(ids(log, AuditQuery.all().about("c").user("ada"))).containsExactly(third);
            assertThat(ids(log, AuditQuery.all().about("b").user("ada"))).isEmpty();
            assertThat(ids(log, AuditQuery.all().limit(2))).containsExactly(third, second);
            assertThat(ids(log, AuditQuery.all().before(second))).containsExactly(first);
        }
    }

    @DatabaseTest
    void entries_go_as_old_executions_do(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            AuditLog log = engine.engine().audit();
            UUID old = log.begin(change("ada", "a"));
            engine.advance(Duration.ofNanos(1_000));
            UUID young = log.begin(change("ada", "a"));

            engine.advance(KEPT);
            assertThat(ids(log, AuditQuery.all())).containsExactly(young);
            log.end(old, new AuditOutcome(200, null, null));
            assertThat(ids(log, AuditQuery.all())).containsExactly(young);
        }
    }

    @DatabaseTest
    void what_no_database_stores_is_refused_and_any_other_text_comes_back(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            AuditLog log = engine.engine().audit();
            for (String wrong : List.of("", " ", "a\u0000b", "a\nb", "\ud800", "x".repeat(301))) {
                assertThatThrownBy(() -> change("ada", wrong)).isInstanceOf(CloacinaException.class);
                assertThatThrownBy(() -> change(wrong, "a")).isInstanceOf(CloacinaException.class);
            }
            String nasty = "'; DROP TABLE audit_entries; -- <script>\ud83d\ude00%_\\";
            log.begin(change(nasty, nasty));
            assertThat(log.list(AuditQuery.all().user(nasty).about(nasty)))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.change()).isEqualTo(change(nasty, nasty)));

            String longest = "x".repeat(AuditedChange.MAX_OBJECT);
            UUID entry = log.begin(change("ada", longest));
            assertThat(ids(log, AuditQuery.all().about(longest))).containsExactly(entry);
        }
    }
}
