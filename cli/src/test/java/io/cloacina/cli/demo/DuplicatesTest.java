package io.cloacina.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
    @Test
    void filesOfOneContentAreAGroupAndTheOneThatWastesMostIsFirst() {
        Duplicates duplicates = Duplicates.among(List.of(
                new HashedFile("aa", 10, "b"),
                new HashedFile("aa", 10, "a"),
                new HashedFile("bb", 100, "d"),
                new HashedFile("bb", 100, "c"),
                new HashedFile("bb", 100, "e"),
                new HashedFile("cc", 1000, "f")));

        assertThat(duplicates)
                .isEqualTo(new Duplicates(
                        2,
                        5,
                        210,
                        List.of(
                                new Duplicates.Group("bb", 100, 3, List.of("c", "d", "e")),
                                new Duplicates.Group("aa", 10, 2, List.of("a", "b")))));
    }

    @Test
    void emptyFilesAreNoDuplicates() {
        assertThat(Duplicates.among(List.of(new HashedFile("ee", 0, "a"), new HashedFile("ee", 0, "b")))
                        .groups())
                .isZero();
    }

    @Test
    void whatIsKeptIsSmallHoweverManyThereAre() {
        List<HashedFile> files = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            files.add(new HashedFile("hash" + i % 100, 5, "file" + i));
        }

        Duplicates duplicates = Duplicates.among(files);

        assertThat(duplicates.groups()).isEqualTo(100);
        assertThat(duplicates.files()).isEqualTo(10_000);
        assertThat(duplicates.wastedBytes()).isEqualTo(9_900 * 5);
        assertThat(duplicates.worst())
                .hasSize(10)
                .allSatisfy(group -> assertThat(group.paths()).hasSize(5));
    }
}
