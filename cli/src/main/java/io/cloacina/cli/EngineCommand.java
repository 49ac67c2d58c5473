package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that talks to a database through an engine, which runs nothing itself. */
abstract class EngineCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final DatabaseOption database = new DatabaseOption();

    @Mixin
    private final KeyFileOption keys = new KeyFileOption();

    @Option(names = "--json", description = "Print JSON; instants are ISO-8601 in UTC.")
    private boolean isJson;

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Override
    public final Integer call() {
        check();
        Output output = new Output(spec.commandLine(), isJson);
        try (Engine engine = open(keys.addTo(begin(database)))) {
            return run(engine, output);
        } finally {
            output.flush();
        }
    }

    /** Refuses bad arguments before anything is opened. */
    void check() {}

    EngineBuilder begin(DatabaseOption given) {
        return given.existing();
    }

    Engine open(EngineBuilder builder) {
        return builder.client().start();
    }

    /** Does it; returns the exit code. */
    abstract int run(Engine engine, Output output);

    DatabaseOption database() {
        return database;
    }

    boolean isJson() {
        return isJson;
    }

    CommandSpec spec() {
        return spec;
    }
}
