package io.cloacina.schema.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class UniversalBinaryTest {
    @Test
    void copies_the_bytes_it_is_made_of() {
        byte[] bytes = {1, 2, 3};
        UniversalBinary binary = UniversalBinary.of(bytes);
        bytes[0] = 9;
        assertThat(binary.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void hands_out_copies_of_its_bytes() {
        UniversalBinary binary = UniversalBinary.of(new byte[] {1, 2, 3});
        binary.bytes()[0] = 9;
        assertThat(binary.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void shares_its_bytes_inside_the_package_only() {
        byte[] bytes = {1, 2, 3};
        assertThat(UniversalBinary.owning(bytes).shared()).isSameAs(bytes);
    }

    @Test
    void is_equal_by_content() {
        UniversalBinary binary = UniversalBinary.of(new byte[] {1, -1});
        assertThat(UniversalBinary.of(new byte[] {1, -1})).isEqualTo(binary).hasSameHashCodeAs(binary);
        assertThat(UniversalBinary.of(new byte[] {1, -2})).isNotEqualTo(binary);
        assertThat(UniversalBinary.of(new byte[] {1})).isNotEqualTo(binary);
    }

    @Test
    void orders_by_unsigned_bytes_and_a_prefix_first() {
        List<UniversalBinary> ascending = Stream.of(
                        new byte[] {},
                        new byte[] {0},
                        new byte[] {0, 0},
                        new byte[] {1},
                        new byte[] {0x7f, (byte) 0xff},
                        new byte[] {(byte) 0x80},
                        new byte[] {(byte) 0xff})
                .map(UniversalBinary::of)
                .toList();
        for (int index = 1; index < ascending.size(); index++) {
            assertThat(ascending.get(index - 1)).isLessThan(ascending.get(index));
            assertThat(ascending.get(index)).isGreaterThan(ascending.get(index - 1));
        }
    }

    @Test
    void tells_its_size_but_not_its_content() {
        UniversalBinary binary = UniversalBinary.of(new byte[12]);
        assertThat(binary.size()).isEqualTo(12);
        assertThat(binary).hasToString("UniversalBinary[12 bytes]");
    }
}
