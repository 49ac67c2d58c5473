package io.cloacina.benchmarks;

import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.DatabaseUrl;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What the option {@code --database} says, where commits are to be durable. */
public final class DatabaseArgument {
    private DatabaseArgument() {}

    /**
     * The database of that URL.
     *
     * @throws ParameterException with a line that says what is wrong
     */
    public static DatabaseUrl parse(String url, CommandLine command) {
        DatabaseUrl parsed;
        try {
            parsed = DatabaseUrl.parse(url);
        } catch (DatabaseException e) {
            throw new ParameterException(
                    command, "--database: " + String.valueOf(e.getMessage()).replaceAll(" The forms are:(?s:.*)", ""));
        }
        if (parsed instanceof DatabaseUrl.Sqlite sqlite && sqlite.isMemory()) {
            throw new ParameterException(
                    command, "--database: a database in memory has no durable commits; name a file");
        }
        return parsed;
    }
}
