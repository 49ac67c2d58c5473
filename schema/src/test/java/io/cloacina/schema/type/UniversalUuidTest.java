package io.cloacina.schema.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UniversalUuidTest {
    private static final String CANONICAL = "0190a3c4-5b6d-7e8f-9a0b-c1d2e3f40516";

    @Test
    void orders_as_its_bytes_unsigned() {
        List<UniversalUuid> uuids =
                Stream.concat(interesting(), random(31, 3_000)).sorted().toList();

        for (int index = 1; index < uuids.size(); index++) {
            UniversalUuid lower = uuids.get(index - 1);
            UniversalUuid upper = uuids.get(index);
            int byBytes = Arrays.compareUnsigned(lower.toBytes(), upper.toBytes());
            assertThat(byBytes).isNotPositive();
            assertThat(Integer.signum(lower.compareTo(upper))).isEqualTo(Integer.signum(byBytes));
            assertThat(lower.toString().compareTo(upper.toString())).isNotPositive();
        }
        assertThat(uuids.get(0)).isEqualTo(UniversalUuid.NIL);
        assertThat(uuids.get(uuids.size() - 1)).isEqualTo(UniversalUuid.MAX);
    }

    @Test
    void orders_differently_from_the_signed_uuid_of_java() {
        UUID low = UUID.fromString("7fffffff-ffff-ffff-ffff-ffffffffffff");
        UUID high = UUID.fromString("80000000-0000-0000-0000-000000000000");
        assertThat(low).isGreaterThan(high);
        assertThat(UniversalUuid.of(low)).isLessThan(UniversalUuid.of(high));
    }

    @Test
    void converts_to_every_other_form_and_back() {
        Stream.concat(interesting(), random(32, 10_000)).forEach(uuid -> {
            assertThat(UniversalUuid.of(uuid.value())).isEqualTo(uuid).hasSameHashCodeAs(uuid);
            assertThat(UniversalUuid.fromBytes(uuid.toBytes())).isEqualTo(uuid);
            assertThat(UniversalUuid.parse(uuid.toString())).isEqualTo(uuid);
            assertThat(UniversalUuid.parse(uuid.toString().toUpperCase(Locale.ROOT)))
                    .isEqualTo(uuid);
            assertThat(uuid.toString()).isEqualTo(uuid.value().toString());
        });
    }

    @Test
    void bytes_are_big_endian_and_copied() {
        UniversalUuid uuid = UniversalUuid.parse("00010203-0405-0607-0809-0a0b0c0d0eff");
        byte[] bytes = uuid.toBytes();
        assertThat(bytes).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xff);
        bytes[0] = 1;
        assertThat(uuid.toBytes()[0]).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 17, 32})
    void refuses_any_other_number_of_bytes(int size) {
        assertThatThrownBy(() -> UniversalUuid.fromBytes(new byte[size]))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("a UUID has 16 bytes, not " + size);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "1-1-1-1-1",
                "0190a3c45b6d7e8f9a0bc1d2e3f40516",
                "{190a3c4-5b6d-7e8f-9a0b-c1d2e3f4051}",
                "0190a3c4-5b6d-7e8f-9a0b-c1d2e3f4051",
                "0190a3c4-5b6d-7e8f-9a0b-c1d2e3f405160",
                "0190a3c4-5b6d-7e8f-9a0bc1-d2e3f40516",
                " 190a3c4-5b6d-7e8f-9a0b-c1d2e3f40516",
                "+190a3c4-5b6d-7e8f-9a0b-c1d2e3f40516",
                "0190a3c4-5b6d-7e8f-9a0b-c1d2e3f4051\uFF16",
                "urn:uuid:0190a3c4-5b6d-7e8f-9a0b-c1d",
            })
    void refuses_everything_but_the_canonical_form(String text) {
        assertRefused(text);
    }

    @Test
    void refuses_the_canonical_form_with_one_character_out_of_place() {
        char[] replacements = "-g/:@G`_ \u0660\u0000".toCharArray();
        for (int index = 0; index < CANONICAL.length(); index++) {
            for (char replacement : replacements) {
                String changed = CANONICAL.substring(0, index) + replacement + CANONICAL.substring(index + 1);
                if (!changed.equals(CANONICAL)) {
                    assertRefused(changed);
                }
            }
            assertRefused(CANONICAL.substring(0, index) + CANONICAL.substring(index + 1));
            assertRefused(CANONICAL.substring(0, index) + '0' + CANONICAL.substring(index));
        }
        assertRefused(CANONICAL.replace('-', '0'));
    }

    @Test
    void knows_the_least_and_the_greatest() {
        assertThat(UniversalUuid.NIL).hasToString("00000000-0000-0000-0000-000000000000");
        assertThat(UniversalUuid.MAX).hasToString("ffffffff-ffff-ffff-ffff-ffffffffffff");
        assertThat(UniversalUuid.NIL).isNotEqualTo(UniversalUuid.MAX).isNotEqualTo(new UUID(0, 0));
    }

    private static Stream<UniversalUuid> interesting() {
        long[] halves = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x8000_0000L, 0xffff_ffffL, -2};
        return Arrays.stream(halves)
                .boxed()
                .flatMap(high -> Arrays.stream(halves).mapToObj(low -> UniversalUuid.of(new UUID(high, low))));
    }

    private static Stream<UniversalUuid> random(long seed, int count) {
        Random random = new Random(seed);
        return Stream.generate(() -> UniversalUuid.of(new UUID(random.nextLong(), random.nextLong())))
                .limit(count);
    }

    private static void assertRefused(String text) {
        assertThatThrownBy(() -> UniversalUuid.parse(text))
                .as("'%s'", text)
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("not a UUID (36 characters, hexadecimal 8-4-4-4-12): '");
    }

    @Test
    void the_first_of_an_instant_is_not_greater_than_any_that_is_made_from_then_on() {
        Instant before = Instant.now();
        UniversalUuid made = UniversalUuid.v7();
        Instant after = Instant.now().plusMillis(1);

        assertThat(UniversalUuid.firstAt(before)).isLessThanOrEqualTo(made);
        assertThat(UniversalUuid.firstAt(after)).isGreaterThan(made);
        assertThat(UniversalUuid.firstAt(before).value().version()).isEqualTo(7);
        assertThat(UniversalUuid.firstAt(before).value().variant()).isEqualTo(2);
        assertThat(UniversalUuid.firstAt(Instant.parse("1969-12-31T23:59:59Z"))).isEqualTo(UniversalUuid.NIL);
        assertThat(UniversalUuid.firstAt(Instant.MIN)).isEqualTo(UniversalUuid.NIL);
        assertThat(UniversalUuid.firstAt(Instant.MAX)).isEqualTo(UniversalUuid.MAX);
        assertThat(UniversalUuid.firstAt(Instant.parse("9999-12-31T00:00:00Z"))).isLessThan(UniversalUuid.MAX);
    }
}
