package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.DatabaseUrl;
import io.cloacina.schema.database.ErrorKind;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The database that a command works on. */
final class DatabaseOption {
    @Option(
            names = "--database",
            required = true,
            paramLabel = "URL",
            defaultValue = "${env:CLOACINA_DATABASE}",
            description = {
                "sqlite:FILE or postgresql://USER@HOST/DATABASE.",
                "Default: the environment variable CLOACINA_DATABASE."
            })
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
                && isMissing(sqlite.file());
    }

    private static boolean isMissing(String file) {
        try {
            return !Files.exists(Path.of(file));
        } catch (InvalidPathException e) {
            return false; // opening it says what is wrong with the name
        }
    }

    /** Begins an engine on it, which must be there. */
    EngineBuilder existing() {
        requireFile();
        return Engine.builder(url);
    }

    void requireFile() {
        if (DatabaseUrl.parse(url) instanceof DatabaseUrl.Sqlite sqlite && isMissingFile()) {
            // A relative name is often meant in another folder.
            throw new DatabaseException(
                    ErrorKind.CONNECTION,
                    "cannot use " + sqlite + ": there is no file "
                            + Path.of(sqlite.file()).toAbsolutePath() + "; 'cloacina schema migrate' creates it",
                    null);
        }
    }
}
