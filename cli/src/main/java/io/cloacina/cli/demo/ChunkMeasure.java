package io.cloacina.cli.demo;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** What the files of one chunk are: totals per language, and the hash of every file as packed lines. */
record ChunkMeasure(
        long files, long bytes, long lines, List<LanguageTotal> languages, String hashes, Unreadable unreadable) {
    /** Reads the files of a chunk; {@code progress} hears after each how many are done. */
    static ChunkMeasure of(Path folder, List<FoundFile> files, LongConsumer progress) {
        FileReading reading = new FileReading();
        Map<String, LanguageTotal> languages = new HashMap<>();
        List<String> hashes = new ArrayList<>();
        Unreadable unreadable = Unreadable.NONE;
        long done = 0;
        for (FoundFile file : files) {
            try {
                FileReading.Measure measure = reading.read(folder.resolve(file.path()));
                hashes.add(new HashedFile(measure.hash(), measure.bytes(), file.path()).line());
                String language = measure.isText() ? Language.of(file.path()) : Language.BINARY;
                languages.merge(
                        language,
                        new LanguageTotal(language, 1, measure.lines(), measure.bytes()),
                        (a, b) -> LanguageTotal.sum(List.of(a, b)).get(0));
            } catch (IOException | InvalidPathException e) {
                unreadable = unreadable.and(file.path(), e);
            }
            done++;
            progress.accept(done);
        }
        List<LanguageTotal> totals = LanguageTotal.sum(languages.values());
        return new ChunkMeasure(
                hashes.size(),
                totals.stream().mapToLong(LanguageTotal::bytes).sum(),
                totals.stream().mapToLong(LanguageTotal::lines).sum(),
                totals,
                PackedLines.pack(hashes),
                unreadable);
    }

    /** The files that were read. */
    List<HashedFile> hashedFiles() {
        return PackedLines.unpack(hashes).stream().map(HashedFile::ofLine).toList();
    }
}
