package io.cloacina.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "check", header = "Compare the tables of a database with the definition.")
final class SchemaCheckCommand implements Callable<Integer> {
    @Mixin
    private final DatabaseOption database = new DatabaseOption();

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        database.requireFile();
        return ExitCode.FINE;
    }
}
