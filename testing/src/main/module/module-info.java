/** For tests: an engine that a test drives, a clock that it moves, and databases of both kinds. */
module io.cloacina.testing {
    requires transitive io.cloacina.engine;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;
    // Starts a PostgreSQL for tests where it is there; its jar names no module, so this is the name of its file.
    requires static embedded.postgres;

    exports io.cloacina.testing;

    // JUnit creates the extension behind DatabaseTest.
    opens io.cloacina.testing to
            org.junit.platform.commons;
}
