package io.cloacina.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each state has a look, but for those in which nothing has happened yet. */
class StyleTest {
    @Test
    void each_state_has_a_look_of_its_kind_but_for_those_that_come_before_the_first_claim() {
        Style style = new Style(true);

        assertThat(Stream.concat(Stream.of(ExecutionStatus.values()), Stream.of(TaskStatus.values()))
                        .filter(state -> style.state(state.label(), "text").equals("text")))
                .containsExactly(ExecutionStatus.PENDING, TaskStatus.READY);
    }
}
