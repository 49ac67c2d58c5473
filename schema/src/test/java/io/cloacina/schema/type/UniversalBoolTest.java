package io.cloacina.schema.type;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class UniversalBoolTest {
    @Test
    void is_made_of_a_boolean_and_gives_it_back() {
        assertThat(UniversalBool.of(true)).isSameAs(UniversalBool.TRUE);
        assertThat(UniversalBool.of(false)).isSameAs(UniversalBool.FALSE);
        assertThat(UniversalBool.TRUE.value()).isTrue();
        assertThat(UniversalBool.FALSE.value()).isFalse();
    }

    @Test
    void false_orders_before_true() {
        assertThat(UniversalBool.FALSE).isLessThan(UniversalBool.TRUE);
    }
}
