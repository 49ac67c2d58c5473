package io.cloacina.schema.type;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class UniversalBoolTest {
    @Test
    void isMadeOfABooleanAndGivesItBack() {
        assertThat(UniversalBool.of(true)).isSameAs(UniversalBool.TRUE);
        assertThat(UniversalBool.of(false)).isSameAs(UniversalBool.FALSE);
        assertThat(UniversalBool.TRUE.value()).isTrue();
        assertThat(UniversalBool.FALSE.value()).isFalse();
    }

    @Test
    void falseOrdersBeforeTrue() {
        assertThat(UniversalBool.FALSE).isLessThan(UniversalBool.TRUE);
    }
}
