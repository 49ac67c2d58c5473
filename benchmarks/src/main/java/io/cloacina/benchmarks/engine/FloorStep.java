package io.cloacina.benchmarks.engine;

import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.Codec;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** One statement of a floor, prepared once, for all rows of a group. */
abstract class FloorStep {
    /** How a statement runs for many rows. */
    enum Form {
        /** One after the other: the driver of SQLite copies every value of a batch first, which is slower. */
        LOOP,
        /** As a batch of the driver. */
        BATCH,
        /** As one statement over arrays, of PostgreSQL. */
        SET
    }

    /** Adds a row: ids, instants, texts and whole numbers. */
    abstract void add(Object... row) throws SQLException;

    /** Runs what was added and was not run yet. */
    abstract void run() throws SQLException;

    /**
     * @param single the statement for one row, with the values as {@code $1}, {@code $2} and so on, each as often as it is needed
     * @param set the statement for many, whose parameters are the arrays of these values
     * @param types of the arrays
     */
    static FloorStep of(Connection connection, Form form, String single, String set, String... types)
            throws SQLException {
        return form == Form.SET ? new Arrays(connection, set, types) : new Rows(connection, form, single);
    }

    private static final class Rows extends FloorStep {
        private static final Pattern VALUE = Pattern.compile("\\$([0-9]+)");

        private final PreparedStatement statement;
        private final int[] values;
        private final boolean batches;
        private final Codec<UniversalUuid> uuid;
        private final Codec<UniversalTimestamp> timestamp;

        Rows(Connection connection, Form form, String sql) throws SQLException {
            statement = connection.prepareStatement(VALUE.matcher(sql).replaceAll("?"));
            values = VALUE.matcher(sql)
                    .results()
                    .mapToInt(found -> Integer.parseInt(found.group(1)) - 1)
                    .toArray();
            batches = form == Form.BATCH;
            Backend backend = batches ? Backend.POSTGRES : Backend.SQLITE;
            uuid = DataType.UUID.codec(backend);
            timestamp = DataType.TIMESTAMP.codec(backend);
        }

        @Override
        void add(Object... row) throws SQLException {
            for (int i = 0; i < values.length; i++) {
                Object value = row[values[i]];
                if (value instanceof UniversalUuid id) {
                    uuid.bind(statement, i + 1, id);
                } else if (value instanceof UniversalTimestamp instant) {
                    timestamp.bind(statement, i + 1, instant);
                } else if (value instanceof Integer number) {
                    statement.setInt(i + 1, number);
                } else {
                    statement.setString(i + 1, value.toString());
                }
            }
            if (batches) {
                statement.addBatch();
            } else {
                statement.executeUpdate();
            }
        }

        @Override
        void run() throws SQLException {
            if (batches) {
                statement.executeBatch();
            }
        }
    }

    private static final class Arrays extends FloorStep {
        private final Connection connection;
        private final PreparedStatement statement;
        private final String[] types;
        private final List<List<String>> columns = new ArrayList<>();

        Arrays(Connection connection, String sql, String... types) throws SQLException {
            this.connection = connection;
            this.statement = connection.prepareStatement(sql);
            this.types = types;
            for (int i = 0; i < types.length; i++) {
                columns.add(new ArrayList<>());
            }
        }

        @Override
        void add(Object... row) {
            for (int i = 0; i < row.length; i++) {
                columns.get(i).add(row[i].toString());
            }
        }

        @Override
        void run() throws SQLException {
            for (int i = 0; i < types.length; i++) {
                List<String> column = columns.get(i);
                statement.setArray(i + 1, connection.createArrayOf(types[i], column.toArray(String[]::new)));
                column.clear();
            }
            statement.executeUpdate();
        }
    }
}
