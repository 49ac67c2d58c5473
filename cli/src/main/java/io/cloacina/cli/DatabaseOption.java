package io.cloacina.cli;

import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.DatabaseUrl;
import io.cloacina.schema.database.ErrorKind;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The database that a command works on. */
final class DatabaseOption {
    @Option(
            names = "--database",
            required = true,
            paramLabel = "URL",
            description = {"sqlite:FILE or postgresql://USER@HOST/DATABASE"})
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private String url;

    String url() {
        return url;
    }

    /** Whether it is a SQLite file that is not there: opening it would make it. */
    boolean isMissingFile() {
        return isMissingFile(url);
    }

    /** As {@link #isMissingFile()}, for a URL. */
    static boolean isMissingFile(String url) {
        return DatabaseUrl.parse(url) instanceof DatabaseUrl.Sqlite sqlite
                && !sqlite.isMemory()
                && !Files.exists(Path.of(sqlite.file()));
    }

    void requireFile() {
        if (isMissingFile()) {
            throw new DatabaseException(
                    ErrorKind.CONNECTION,
                    "cannot use " + DatabaseUrl.parse(url)
                            + ": there is no such file; 'cloacina schema migrate' makes it",
                    null);
        }
    }
}
