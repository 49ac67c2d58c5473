/** One declaration of tables for SQLite and PostgreSQL: types, statements, connections, migrations, the check of a live database. */
module io.cloacina.schema {
    requires transitive io.cloacina.api;
    requires transitive java.sql;
    requires com.zaxxer.hikari;
    requires org.slf4j;
    requires static org.jspecify;
    // Either may be left out by a program that uses the other database only.
    requires static org.postgresql.jdbc;
    requires static org.xerial.sqlitejdbc;

    exports io.cloacina.schema.catalog;
    exports io.cloacina.schema.copy;
    exports io.cloacina.schema.database;
    exports io.cloacina.schema.migration;
    exports io.cloacina.schema.sql;
    exports io.cloacina.schema.tables;
    exports io.cloacina.schema.type;
}
