package io.cloacina.cli.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Shares files among tasks so that each has about as much to read. The same files are always shared in the same way. */
final class Chunks {
    /** How many bytes could be read in the time it takes to open a file, roughly. */
    private static final long OPENING_BYTES = 16_384;

    private Chunks() {}

    private static final class Chunk {
        final int number;
        final List<FoundFile> files = new ArrayList<>();
        long load;

        Chunk(int number) {
            this.number = number;
        }
    }

    /** The largest file first, each to the chunk that has the least; in the end in the order of their paths. */
    static List<List<FoundFile>> split(List<FoundFile> files, int count) {
        List<Chunk> chunks = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            chunks.add(new Chunk(number));
        }
        PriorityQueue<Chunk> leastFirst = new PriorityQueue<>(
                Comparator.<Chunk>comparingLong(chunk -> chunk.load).thenComparingInt(chunk -> chunk.number));
        leastFirst.addAll(chunks);
        files.stream()
                .sorted(Comparator.comparingLong(FoundFile::bytes).reversed().thenComparing(FoundFile::path))
                .forEach(file -> {
                    Chunk least = leastFirst.remove();
                    least.files.add(file);
                    least.load += file.bytes() + OPENING_BYTES;
                    leastFirst.add(least);
                });
        return chunks.stream()
                .map(chunk -> chunk.files.stream()
                        .sorted(Comparator.comparing(FoundFile::path))
                        .toList())
                .toList();
    }
}
