package io.cloacina.schema.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A null argument is an error of this library, with its code, as in all other modules. */
class NullArgumentsTest {
    private static <T> void refused(String what, Consumer<T> call) {
        assertThatThrownBy(() -> call.accept(null))
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_ARGUMENT"))
                .hasMessage(what + " must not be null");
    }

    @Test
    void null_is_refused_by_name() {
        refused("the UUID", (UUID none) -> UniversalUuid.of(none));
        refused("the text of a UUID", UniversalUuid::parse);
        refused("the bytes of a UUID", UniversalUuid::fromBytes);
        refused("the instant", UniversalUuid::firstAt);
        refused("the instant", (Instant none) -> UniversalTimestamp.of(none));
        refused("the date and time", (LocalDateTime none) -> UniversalTimestamp.of(none));
        refused("the clock", (Clock none) -> UniversalTimestamp.now(none));
        refused("the text of a timestamp", UniversalTimestamp::parse);
        refused("the duration", (Duration none) -> UniversalTimestamp.MIN.plus(none));
        refused("the duration", (Duration none) -> UniversalTimestamp.MIN.saturatedPlus(none));
        refused("the bytes", UniversalBinary::of);
        refused("the class of the enum", (Class<TaskStatus> none) -> DataType.enumText(none));
        refused("the column", (String none) -> DataType.payloadJson(none));
        refused("the column", (String none) -> DataType.payloadText(none));
    }
}
