package io.cloacina.schema.copy;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Identifies databases, because two URLs may name the same one. */
final class Places {
    static final Statements STATEMENTS = new Statements("places");

    private static final Select<NoArgument, String> PLACE = STATEMENTS.nativeSelect(
            "place",
            "SELECT file FROM pragma_database_list WHERE name = 'main'",
            "SELECT system_identifier || '/' || (SELECT oid FROM pg_database WHERE datname = current_database()) || '/'"
                    + " || current_schema() FROM pg_control_system()",
            q -> {
                var place = q.column(DataType.TEXT);
                return row -> row.get(place);
            });

    private Places() {}

    /** A file with the links in its path resolved, or server, database and schema; empty for a database in memory. */
    static String of(Database database) {
        String place = database.list(PLACE).get(0);
        if (database.backend() == Backend.POSTGRES || place.isEmpty()) {
            return place;
        }
        try {
            return Path.of(place).toRealPath().toString();
        } catch (IOException e) {
            throw new UncheckedIOException("looking where " + database + " is", e);
        }
    }

    static boolean isSame(Database one, Database other) {
        if (one.backend() != other.backend()) {
            return false;
        }
        String place = of(one);
        String otherPlace = of(other);
        if (one.backend() == Backend.POSTGRES || place.isEmpty() || otherPlace.isEmpty()) {
            return !place.isEmpty() && place.equals(otherPlace);
        }
        try {
            return Files.isSameFile(Path.of(place), Path.of(otherPlace));
        } catch (IOException e) {
            throw new UncheckedIOException("looking whether " + one + " and " + other + " are one file", e);
        }
    }
}
