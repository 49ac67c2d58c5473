package io.cloacina.cli.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files with the same content, empty ones aside: how many groups, files and bytes too many, and the worst groups. */
record Duplicates(long groups, long files, long wastedBytes, List<Group> worst) {
    private static final int GROUPS_KEPT = 10;
    private static final int PATHS_KEPT = 5;

    /** Files of one content: how many, the size of each, and the first few. */
    record Group(String hash, long bytes, long files, List<String> paths) {
        long wastedBytes() {
            return (files - 1) * bytes;
        }
    }

    static Duplicates among(Collection<HashedFile> all) {
        Map<String, List<HashedFile>> byContent = new LinkedHashMap<>();
        all.stream()
                .filter(file -> file.bytes() > 0)
                .forEach(file -> byContent
                        .computeIfAbsent(file.hash() + " " + file.bytes(), content -> new ArrayList<>(2))
                        .add(file));
        List<Group> groups = byContent.values().stream()
                .filter(files -> files.size() > 1)
                .map(Duplicates::group)
                .sorted(Comparator.comparingLong(Group::wastedBytes)
                        .reversed()
                        .thenComparing(group -> group.paths().get(0)))
                .toList();
        return new Duplicates(
                groups.size(),
                groups.stream().mapToLong(Group::files).sum(),
                groups.stream().mapToLong(Group::wastedBytes).sum(),
                groups.stream().limit(GROUPS_KEPT).toList());
    }

    private static Group group(List<HashedFile> files) {
        List<String> first =
                files.stream().map(HashedFile::path).sorted().limit(PATHS_KEPT).toList();
        return new Group(files.get(0).hash(), files.get(0).bytes(), files.size(), first);
    }
}
