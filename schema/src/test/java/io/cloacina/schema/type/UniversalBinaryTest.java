package io.cloacina.schema.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class UniversalBinaryTest {
    @Test
    void copiesTheBytesItIsMadeOf() {
        byte[] bytes = {1, 2, 3};
        UniversalBinary binary = UniversalBinary.of(bytes);
        bytes[0] = 9;
        assertThat(binary.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void handsOutCopiesOfItsBytes() {
        UniversalBinary binary = UniversalBinary.of(new byte[] {1, 2, 3});
        binary.bytes()[0] = 9;
        assertThat(binary.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void sharesItsBytesInsideThePackageOnly() {
        byte[] bytes = {1, 2, 3};
        assertThat(UniversalBinary.owning(bytes).shared()).isSameAs(bytes);
    }

    @Test
    void isEqualByContent() {
        UniversalBinary binary = UniversalBinary.of(new byte[] {1, -1});
        assertThat(UniversalBinary.of(new byte[] {1, -1})).isEqualTo(binary).hasSameHashCodeAs(binary);
        assertThat(UniversalBinary.of(new byte[] {1, -2})).isNotEqualTo(binary);
        assertThat(UniversalBinary.of(new byte[] {1})).isNotEqualTo(binary);
    }

    @Test
    void ordersByUnsignedBytesAndAPrefixFirst() {
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
    void tellsItsSizeButNotItsContent() {
        UniversalBinary binary = UniversalBinary.of(new byte[12]);
        assertThat(binary.size()).isEqualTo(12);
        assertThat(binary).hasToString("UniversalBinary[12 bytes]");
    }
}
