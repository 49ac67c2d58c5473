package io.cloacina.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunksTest {
    private static List<FoundFile> files(int number) {
        Random random = new Random(7);
        List<FoundFile> files = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            files.add(new FoundFile("file-" + i, random.nextInt(1_000_000)));
        }
        return files;
    }

    private static long bytes(List<FoundFile> chunk) {
        return chunk.stream().mapToLong(FoundFile::bytes).sum();
    }

    @Test
    void everyFileIsInExactlyOneChunkInTheOrderOfPaths() {
        List<FoundFile> files = files(1000);

        List<List<FoundFile>> chunks = Chunks.split(files, 8);

        assertThat(chunks)
                .hasSize(8)
                .allSatisfy(chunk -> assertThat(chunk).isSortedAccordingTo(Comparator.comparing(FoundFile::path)));
        assertThat(chunks.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(files);
    }

    @Test
    void chunksHaveAboutTheSameBytes() {
        List<Long> bytes =
                Chunks.split(files(1000), 8).stream().map(ChunksTest::bytes).toList();

        assertThat(Collections.max(bytes) - Collections.min(bytes)).isLessThan(100_000);
    }

    @Test
    void theOrderOfTheFilesDoesNotMatter() {
        List<FoundFile> shuffled = files(1000);
        Collections.shuffle(shuffled, new Random(3));

        assertThat(Chunks.split(shuffled, 8)).isEqualTo(Chunks.split(files(1000), 8));
    }

    @Test
    void noFilesMakeEmptyChunks() {
        assertThat(Chunks.split(List.of(), 3)).containsExactly(List.of(), List.of(), List.of());
    }
}
