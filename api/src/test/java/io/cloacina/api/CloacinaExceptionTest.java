package io.cloacina.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CloacinaExceptionTest {
    @Test
    void an_error_has_a_code_for_programs() {
        IllegalStateException cause = new IllegalStateException();

        assertThat(new CloacinaException("no").code()).isEqualTo("UNSPECIFIED");
        assertThat(new CloacinaException("no", cause).code()).isEqualTo("UNSPECIFIED");
        assertThat(new CloacinaException("UNKNOWN_WORKFLOW", "no").code()).isEqualTo("UNKNOWN_WORKFLOW");
        assertThat(new CloacinaException("UNKNOWN_WORKFLOW", "no", cause))
                .hasMessage("no")
                .hasCause(cause)
                .extracting(CloacinaException::code)
                .isEqualTo("UNKNOWN_WORKFLOW");
        assertThat(new InvalidWorkflowException("w", List.of("it has no task")).code())
                .isEqualTo("INVALID_WORKFLOW");
    }

    @Test
    void a_message_stays_readable_when_there_are_very_many_problems() {
        List<String> problems =
                IntStream.range(0, 5_000).mapToObj(i -> "problem " + i).toList();

        InvalidWorkflowException error = new InvalidWorkflowException("w", problems);

        assertThat(error.problems()).hasSize(5_000);
        assertThat(error).hasMessageContaining("problem 99").hasMessageEndingWith("… and 4900 more");
    }
}
