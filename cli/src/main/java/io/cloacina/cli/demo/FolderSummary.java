package io.cloacina.cli.demo;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** All that a report says about a folder. */
record FolderSummary(
        long files,
        long bytes,
        long lines,
        List<LanguageTotal> languages,
        List<FoundFile> largest,
        Duplicates duplicates,
        Unreadable unreadable) {
    private static final int LARGEST_KEPT = 10;

    /** The largest of these, the very largest first. */
    static List<FoundFile> largest(Collection<HashedFile> all) {
        return all.stream()
                .map(file -> new FoundFile(file.path(), file.bytes()))
                .sorted(Comparator.comparingLong(FoundFile::bytes).reversed().thenComparing(FoundFile::path))
                .limit(LARGEST_KEPT)
                .toList();
    }
}
