package io.cloacina.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FanOutTest {
    @ParameterizedTest
    @CsvSource({
        "resize[7], resize",
        "resize[2147483647], resize",
        "a[1][2], a[1]",
        "resize, resize",
        "resize[], resize[]",
        "resize[x], resize[x]",
        "resize[-1], resize[-1]",
        "resize[7, resize[7",
        "resize7], resize7]",
        "[7], [7]",
        "], ]"
    })
    void a_run_for_an_element_belongs_to_a_task_and_every_other_name_is_one(String name, String task) {
        assertThat(FanOut.taskOf(name)).isEqualTo(task);
    }
}
