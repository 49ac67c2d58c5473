package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkAction;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A command that does the same to some executions by their ids, or to all that a search finds. */
abstract class BulkCommand extends InterveneCommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "ID",
            description = {"Ids, or six or more characters of the beginning or", "end of each."})
    private final List<String> ids = new ArrayList<>();

    @Mixin
    private final BulkOptions bulk = new BulkOptions();

    private boolean isSearch;

    /** What is done to all that a search finds. */
    abstract BulkAction action();

    @Override
    final List<String> ids() {
        return ids;
    }

    @Override
    final void check() {
        isSearch = bulk.isMeant(ids, spec());
    }

    @Override
    final int run(Engine engine, Output output) {
        return isSearch ? bulk.run(engine, output, action()) : super.run(engine, output);
    }
}
