package io.cloacina.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackedLinesTest {
    @Test
    void fewLinesStayReadable() {
        assertThat(PackedLines.pack(List.of("12 a.txt", "3 b c.txt"))).isEqualTo("12 a.txt\n3 b c.txt");
    }

    @Test
    void noLinesAreNoLines() {
        assertThat(PackedLines.unpack(PackedLines.pack(List.of()))).isEmpty();
    }

    @Test
    void aNameMayHoldLineEndsAndBackslashes() {
        List<String> lines = List.of("1 a\nb", "2 a\\nb", "3 \\", "4 ü 𝄞");

        assertThat(PackedLines.unpack(PackedLines.pack(lines))).isEqualTo(lines);
    }

    @Test
    void manyLinesAreMadeSmallAndComeBackAsTheyWere() {
        List<String> lines = IntStream.range(0, 20_000)
                .mapToObj(n -> n + " src/main/java/io/example/Class" + n + ".java")
                .toList();

        String packed = PackedLines.pack(lines);

        assertThat(packed).startsWith("gzip:").hasSizeLessThan(200_000);
        assertThat(PackedLines.unpack(packed)).isEqualTo(lines);
    }
}
