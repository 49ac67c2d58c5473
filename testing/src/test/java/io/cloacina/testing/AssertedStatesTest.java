package io.cloacina.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** For each state there is an assertion of its name. */
class AssertedStatesTest {
    @Test
    void each_state_of_an_execution_can_be_asserted() {
        assertThat(methods(ExecutionAssert.class))
                .containsAll(Arrays.stream(ExecutionStatus.values())
                        .map(state -> "is" + state.label())
                        .toList());
    }

    @Test
    void each_state_of_a_task_can_be_asserted() {
        assertThat(methods(TaskExecutionAssert.class))
                .containsAll(Arrays.stream(TaskStatus.values())
                        .map(state -> state.label().substring(0, 1).toLowerCase(Locale.ROOT)
                                + state.label().substring(1))
                        .toList());
    }

    private static Set<String> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods()).map(Method::getName).collect(Collectors.toSet());
    }
}
