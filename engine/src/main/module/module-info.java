/** The engine: what an application starts with, and what it gives and gets. Its parts are not exported. */
module io.cloacina.engine {
    requires transitive io.cloacina.api;
    requires transitive io.cloacina.schema;
    requires io.cloacina.cron;
    requires com.fasterxml.jackson.annotation;
    requires com.fasterxml.jackson.core;
    requires transitive com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires java.net.http;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.cloacina.engine;
    exports io.cloacina.engine.model;
}
