package io.cloacina.engine.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LargeValuesTest {
    private final List<String> logged = new ArrayList<>();
    private final LargeValues largeValues = new LargeValues(logged::add);

    @Test
    void a_large_value_is_named_with_its_workflow_task_key_size_and_what_to_do() {
        look("w", "t", object("big", ofBytes(LargeValues.LARGE + 1)).put("small", "x"));

        assertThat(logged)
                .singleElement()
                .asString()
                .contains("task 't' of workflow 'w' stores 'big' with 262145 bytes");
        assertThat(logged.get(0)).contains("docs/how-to/large-values.md").doesNotContain("xxx");
    }

    @Test
    void an_input_is_named_as_one() {
        look("w", null, object("big", ofBytes(LargeValues.LARGE + 1)));

        assertThat(logged).singleElement().asString().startsWith("the input of workflow 'w' stores 'big'");
    }

    @Test
    void each_key_of_each_workflow_is_logged_once() {
        for (int i = 0; i < 3; i++) {
            look("w", "t", object("big", ofBytes(LargeValues.LARGE + 1 + i)));
            look("w", "t", object("other", ofBytes(LargeValues.LARGE + 1)));
            look("another", "t", object("big", ofBytes(LargeValues.LARGE + 1)));
        }

        assertThat(logged).hasSize(3);
    }

    @Test
    void a_value_of_256_kib_and_many_small_ones_are_not_large() {
        look("w", "t", object("most", ofBytes(LargeValues.LARGE)));
        ObjectNode many = JsonContext.empty();
        for (int i = 0; i < 10; i++) {
            many.put("key " + i, ofBytes(100_000));
        }
        look("w", "t", many);

        assertThat(logged).isEmpty();
    }

    @Test
    void bytes_count_and_not_characters() {
        look("w", "t", object("euros", "€".repeat(LargeValues.LARGE / 3 + 1)));

        assertThat(logged).hasSize(1);
    }

    @Test
    void keys_that_are_made_of_data_do_not_fill_the_memory() {
        String big = ofBytes(LargeValues.LARGE + 1);
        for (int i = 0; i < LargeValues.MAX_REMEMBERED + 5; i++) {
            look("w", "t", object("key " + i, big));
        }

        assertThat(logged).hasSize(LargeValues.MAX_REMEMBERED);
    }

    @Test
    void nothing_that_is_stored_is_nothing_to_warn_of() {
        largeValues.look("w", "t", JsonContext.empty(), null);

        assertThat(logged).isEmpty();
    }

    private void look(String workflow, @Nullable String task, ObjectNode values) {
        largeValues.look(workflow, task, values, JsonMapping.text(values, "a test"));
    }

    private static ObjectNode object(String key, String value) {
        return JsonContext.empty().put(key, value);
    }

    /** Its JSON has so many bytes: two are the quotation marks. */
    private static String ofBytes(int bytes) {
        return "x".repeat(bytes - 2);
    }
}
