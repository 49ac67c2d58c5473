package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Requests are values: a test of an application can verify with which one its code called the engine. */
class RequestValuesTest {
    private static final UUID ID = new UUID(1, 2);

    @Test
    void equal_requests_are_equal_and_differ_in_each_of_their_parts() {
        assertDiffer(List.of(
                () -> Submission.of("order"),
                () -> Submission.of("invoice"),
                () -> Submission.of("order").input(Map.of("id", 1)),
                () -> Submission.of("order").input(Map.of("id", 2)),
                () -> Submission.of("order").idempotencyKey("k"),
                () -> Submission.of("order").label("customer", "ada"),
                () -> Submission.of("order").carrying("trace", "1"),
                () -> Submission.of("order").priority(1),
                () -> Submission.of("order").delay(Duration.ofSeconds(1)),
                () -> Submission.of("order").startAt(Instant.EPOCH),
                () -> Submission.of("order").deadline(Duration.ofSeconds(1)),
                () -> Submission.of("order").deadline(Instant.EPOCH)));
        assertDiffer(List.of(
                () -> Restart.of(ID),
                () -> Restart.of(new UUID(1, 3)),
                () -> Restart.of(ID).from("ship"),
                () -> Restart.of(ID).input(Map.of()),
                () -> Restart.of(ID).input(Map.of("id", 1))));
        assertDiffer(List.of(
                ExecutionQuery::all,
                () -> ExecutionQuery.all().workflow("order"),
                () -> ExecutionQuery.all().unfinished(),
                () -> ExecutionQuery.all().status(ExecutionStatus.FAILED),
                () -> ExecutionQuery.all().label("customer", "ada"),
                () -> ExecutionQuery.all().limit(7),
                () -> ExecutionQuery.all().scan(7),
                () -> ExecutionQuery.all().before(ID)));
    }

    private static void assertDiffer(List<Supplier<Object>> requests) {
        for (int i = 0; i < requests.size(); i++) {
            for (int j = 0; j < requests.size(); j++) {
                Object one = requests.get(i).get();
                Object other = requests.get(j).get();
                assertThat(one.equals(other)).as(one + " and " + other).isEqualTo(i == j);
                assertThat(one.toString().equals(other.toString()))
                        .as(one.toString())
                        .isEqualTo(sameText(i, j, one));
                if (i == j) {
                    assertThat(one).hasSameHashCodeAs(other);
                }
            }
        }
    }

    /** Of two inputs with the same keys, the values are not shown. */
    private static boolean sameText(int i, int j, Object one) {
        return i == j || (one instanceof Submission && Math.min(i, j) == 2 && Math.max(i, j) == 3);
    }

    @Test
    void a_request_names_its_options_and_the_keys_of_its_input_but_no_value() {
        Submission submission = Submission.of("order")
                .input("card", "4711")
                .idempotencyKey("o-1")
                .label("customer", "ada")
                .carrying("token", "4711")
                .priority(2)
                .delay(Duration.ofMinutes(1))
                .deadline(Instant.EPOCH);
        assertThat(submission)
                .hasToString("Submission[workflow=order, input=[card], idempotencyKey=o-1, labels={customer=ada},"
                        + " carried=[token], priority=2, start=after PT1M, deadline=1970-01-01T00:00:00Z]");
        assertThat(Restart.of(ID).from("ship").input(Map.of("card", "4711")))
                .hasToString("Restart[execution=" + ID + ", from=ship, input=[card]]");
        assertThat(ExecutionQuery.all().workflow("order").limit(7).toString())
                .startsWith("ExecutionQuery[")
                .contains("WORKFLOW=order", "limit=7");
    }

    @Test
    void an_input_grows_value_by_value() {
        Map<String, Object> given = new HashMap<>(Map.of("id", 1));
        Submission first = Submission.of("order").input(given);
        Submission second = first.input("address", null).input("id", 2);
        given.put("later", true);

        assertThat(first.input()).isSameAs(given);
        Map<String, @Nullable Object> expected = new HashMap<>();
        expected.put("id", 2);
        expected.put("address", null);
        assertThat(second.input()).isEqualTo(expected);
    }
}
